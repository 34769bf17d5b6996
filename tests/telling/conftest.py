"""A person who can be told things, and bells that are written down instead of rung."""

from __future__ import annotations

from uuid import UUID

import pytest
from allauth.account.models import EmailAddress

from journal.accounts.models import User
from journal.telling import doorbell
from journal.telling.models import Browser, Channel, Kind, OptIn

ENDPOINT = "https://push.example.org/send/{}"
# A public key of no browser and its secret, only in the right shape.
P256DH = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"
AUTH = "tBHItJI5svbpez7KI4CCXg"


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Every bell that was rung; there is no broker here."""
    heard: list[UUID] = []

    def hear(pk: UUID) -> bool:
        heard.append(pk)
        return True

    monkeypatch.setattr(doorbell, "_ring", hear)
    return heard


def give_address(person: User, email: str = "", verified: bool = True) -> EmailAddress:
    address: EmailAddress = EmailAddress.objects.create(
        user=person, email=email or f"{person.username}@example.org", verified=verified, primary=True
    )
    return address


def give_browser(person: User, number: int = 1, name: str = "Firefox") -> Browser:
    return Browser.objects.create(
        user=person, endpoint=ENDPOINT.format(f"{person.username}-{number}"), p256dh=P256DH, auth=AUTH, name=name
    )


def opt_in(person: User, channel: Channel, kind: Kind = Kind.REMINDER) -> OptIn:
    return OptIn.objects.create(user=person, kind=kind, channel=channel)
