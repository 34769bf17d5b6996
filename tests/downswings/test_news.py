"""A message about low days waits for the morning; whatever the person says meanwhile counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from journal.accounts.models import User
from journal.downswings import choices
from journal.downswings.models import Downswing, Watch
from journal.moods.models import CheckIn
from journal.moods.rollup import recompute
from journal.telling import doorbell
from journal.telling.courier import deliver
from journal.telling.models import Channel, Delivery, Kind, OptIn
from journal.telling.tell import tell
from tests.downswings.lives import TODAY, live, quiet, turn_clock
from tests.telling.conftest import give_address

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(person: User, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Delivery:
    """Noticed at night, and put off till the morning."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(doorbell, "_ring", lambda pk: True)
    turn_clock(monkeypatch, hour=5)
    give_address(person)
    for kind in (Kind.DOWNSWING, Kind.REMINDER):
        OptIn.objects.create(user=person, kind=kind, channel=Channel.EMAIL)
    Watch.objects.create(user=person, on=True)
    live(person, [*quiet(90), *[-0.6] * 8])
    row = Delivery.objects.get()
    assert row.message.page == "/downswing"
    return row


def recover(person: User, pk: int) -> None:
    days = [TODAY - timedelta(days=ago) for ago in range(1, 9)]
    CheckIn.objects.filter(user=person, local_date__in=days).update(valence=0.3)
    recompute(person, days)


SAID: dict[str, Callable[[User, int], object]] = {
    "off": lambda person, pk: Watch.objects.update(on=False),
    "dismissed": choices.dismiss,
    "snoozed": choices.snooze,
    "wrong": lambda person, pk: choices.answer(person, pk, Downswing.Answer.WRONG),
    "anew": lambda person, pk: choices.start_anew(person),
    "days changed": recover,
    "gone": lambda person, pk: Downswing.objects.filter(pk=pk).delete(),
}


@pytest.mark.parametrize("what", SAID)
def test_what_is_no_longer_wanted_is_not_sent(
    person: User, waiting: Delivery, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    SAID[what](person, Downswing.objects.get().pk)
    turn_clock(monkeypatch)
    deliver(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.outcome) == (Delivery.State.DROPPED, "no_longer_needed")
    assert mail.outbox == []


@pytest.mark.parametrize("answer", [None, Downswing.Answer.RIGHT])
def test_what_still_stands_is_sent_in_the_morning(
    person: User, waiting: Delivery, monkeypatch: pytest.MonkeyPatch, answer: Downswing.Answer | None
) -> None:
    if answer:
        choices.answer(person, Downswing.objects.get().pk, answer)
    turn_clock(monkeypatch)
    deliver(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == Delivery.State.SENT
    assert len(mail.outbox) == 1


def test_turned_off_it_is_gone(person: User, waiting: Delivery) -> None:
    choices.turn_off(person)
    assert not Delivery.objects.exists()
    deliver(waiting.pk)
    assert mail.outbox == []


def test_messages_of_another_kind_are_none_of_its_business(
    person: User, waiting: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    choices.turn_off(person)
    turn_clock(monkeypatch)
    tell(person, kind=Kind.REMINDER, key="downswing:0", page="/")
    row = Delivery.objects.get()
    deliver(row.pk)
    row.refresh_from_db()
    assert row.state == Delivery.State.SENT
