"""A person who can be told things, and bells that are written down instead of rung."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from journal.accounts.models import User
from journal.telling import browsers, doorbell
from journal.telling.models import Browser, Channel, Delivery, Kind, OptIn
from journal.telling.tell import tell
from tests.pushservice import PushService, Receiver, push_service

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


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    settings.PUSH_PRIVATE = True
    with push_service() as running:
        yield running


def give_receiver(person: User, receiver: Receiver, name: str = "Firefox on Linux") -> Browser:
    """The browser behind a stand-in's receiver, as the person's own."""
    return browsers.add(person, **receiver.fields, name=name)


def queue(person: User, channel: Channel = Channel.PUSH, key: str = "k", page: str = "/") -> list[Delivery]:
    """Opt in and be told; what waits for it."""
    OptIn.objects.get_or_create(user=person, kind=Kind.REMINDER, channel=channel)
    tell(person, kind=Kind.REMINDER, key=key, page=page)
    return list(
        Delivery.objects.filter(message__user=person, message__key=key, channel=channel).order_by("browser__added_at")
    )


def state_of(row: Delivery) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.outcome


def make_due(row: Delivery) -> None:
    """Let the pause before the next attempt have gone by."""
    Delivery.objects.filter(pk=row.pk).update(not_before=timezone.now())
