"""From the bell to the end: who wins, what is no longer wanted, and what becomes of a dead worker's row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from journal.accounts.models import User
from journal.telling import browsers, claim, doorbell, forgetting
from journal.telling.courier import deliver
from journal.telling.models import Channel, Delivery, Kind, Message, OptIn, QuietHours
from journal.telling.signals import still_wanted
from journal.telling.tell import tell
from journal.telling.trial import try_out
from tests.pushservice import PushService
from tests.telling.conftest import give_receiver, queue, state_of

pytestmark = pytest.mark.django_db
State = Delivery.State


@pytest.fixture
def row(person: User, service: PushService) -> Delivery:
    give_receiver(person, service.browser())
    return queue(person)[0]


def quiet_around_now(person: User) -> QuietHours:
    """From an hour ago until in an hour, by the person's clock."""
    local = timezone.now().astimezone(ZoneInfo("Europe/Berlin"))
    start, end = ((local + timedelta(hours=hours)).time().replace(second=0, microsecond=0) for hours in (-1, 1))
    return QuietHours.objects.create(user=person, start=start, end=end)


def test_it_goes_once_however_often_the_bell_rings(row: Delivery, service: PushService) -> None:
    for _ring in range(3):
        deliver(row.pk)
    assert service.asked == 1


def test_a_row_that_is_gone_is_nobodys(row: Delivery, service: PushService) -> None:
    row.message.user.delete()
    deliver(row.pk)
    assert service.asked == 0


def test_a_claimed_row_is_not_claimed_again(row: Delivery) -> None:
    twin = claim.waiting(row.pk)
    assert twin is not None
    assert claim.claim(row)
    assert not claim.claim(twin)


def switch_off(row: Delivery) -> str:
    OptIn.objects.all().delete()
    return "switched_off"


def lock_out(row: Delivery) -> str:
    User.objects.update(is_active=False)
    return "not_for_this_account"


def turn_into_a_demo(row: Delivery) -> str:
    User.objects.update(is_demo=True)
    return "not_for_this_account"


def grow_old(row: Delivery) -> str:
    Message.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    return "too_late"


def remove_the_browser(row: Delivery) -> str:
    assert row.browser is not None
    browsers.remove(row.message.user, row.browser.pk)
    return "no_browser"


@pytest.mark.parametrize("change", [switch_off, lock_out, turn_into_a_demo, grow_old, remove_the_browser])
def test_what_is_no_longer_wanted_is_dropped(
    row: Delivery, service: PushService, change: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    outcome = change(row)
    deliver(row.pk)
    assert state_of(row) == (State.DROPPED, outcome)
    assert service.asked == 0
    assert f'"outcome": "{outcome}"' in caplog.text or outcome in caplog.text


@pytest.fixture
def objection() -> Iterator[dict[str, Any]]:
    """A room that may object to a message."""
    says: dict[str, Any] = {"answer": None}

    def answer(sender: type[Message], message: Message, **kwargs: Any) -> Any:
        says["message"] = message
        return says["answer"]

    still_wanted.connect(answer)
    yield says
    still_wanted.disconnect(answer)


@pytest.mark.parametrize(("answer", "sent"), [(False, 0), (None, 1), (True, 1)])
def test_a_room_may_say_that_it_is_no_longer_needed(
    row: Delivery, service: PushService, objection: dict[str, Any], answer: Any, sent: int
) -> None:
    objection["answer"] = answer
    deliver(row.pk)
    assert service.asked == sent
    assert objection["message"] == row.message


def test_quiet_hours_that_began_meanwhile_put_it_off(row: Delivery, service: PushService) -> None:
    hours = quiet_around_now(row.message.user)
    deliver(row.pk)
    assert state_of(row) == (State.QUEUED, "")
    assert service.asked == 0
    assert row.not_before.astimezone(ZoneInfo("Europe/Berlin")).time() == hours.end
    assert row.attempts == 0


def test_a_test_comes_through_quiet_hours_and_needs_no_choice(person: User, service: PushService) -> None:
    quiet_around_now(person)
    give_receiver(person, service.browser())
    try_out(person, Channel.PUSH, "/settings/reminders")
    deliver(Delivery.objects.get().pk)
    assert len(service.arrived) == 1


def test_what_a_dead_worker_held_is_given_up_and_not_sent_again(row: Delivery, service: PushService) -> None:
    assert claim.claim(row)
    assert claim.give_up_stale() == 0
    Delivery.objects.update(claimed_at=timezone.now() - claim.STALE - timedelta(seconds=1))
    assert claim.give_up_stale() == 1
    assert state_of(row) == (State.FAILED, "worker_lost")
    deliver(row.pk)
    claim.finish(row, State.SENT)  # a ghost that wakes up changes nothing
    assert state_of(row) == (State.FAILED, "worker_lost")
    assert service.asked == 0


def test_attempts_end(row: Delivery, service: PushService) -> None:
    Message.objects.update(expires_at=timezone.now() + timedelta(days=30))
    service.answers = [(503, {})]
    for _attempt in range(len(claim.BACK_OFF) + 3):
        Delivery.objects.update(not_before=timezone.now())
        deliver(row.pk)
    assert state_of(row) == (State.FAILED, "service_said_503")
    assert service.asked == len(claim.BACK_OFF) + 1


def test_a_fresh_row_is_not_rung_again_but_one_that_waited_is(row: Delivery, rung: list[UUID]) -> None:
    Delivery.objects.update(rung_at=timezone.now())
    assert doorbell.ring_again() == 0
    Delivery.objects.update(rung_at=timezone.now() - 2 * doorbell.PATIENCE)
    assert doorbell.ring_again() == 1
    assert doorbell.ring_again() == 0
    assert rung == [row.pk]


def test_a_row_for_later_is_not_rung_before(row: Delivery) -> None:
    Delivery.objects.update(not_before=timezone.now() + timedelta(minutes=1))
    assert doorbell.ring_again() == 0


def test_a_queue_stays_short(person: User, service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "AT_ONCE", 2)
    give_receiver(person, service.browser())
    for number in range(5):
        queue(person, key=f"k{number}")
    assert [doorbell.ring_again() for _round in range(4)] == [2, 2, 1, 0]


def test_reminders_are_forgotten_and_what_must_be_told_once_is_not(person: User, service: PushService) -> None:
    give_receiver(person, service.browser())
    queue(person, key="reminder:1")
    OptIn.objects.create(user=person, kind=Kind.DOWNSWING, channel=Channel.PUSH)
    tell(person, kind=Kind.DOWNSWING, key="downswing:1", page="/")
    assert forgetting.forget_told() == 0
    Message.objects.update(expires_at=timezone.now() - timedelta(days=8))
    assert forgetting.forget_told() == 1
    assert list(Message.objects.values_list("key", flat=True)) == ["downswing:1"]


def test_ringing_needs_no_broker(
    row: Delivery, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.undo()  # the real bell, which nobody hears
    assert doorbell.ring_again() == 0
    assert "doorbell_unheard" in caplog.text
    assert state_of(row)[0] == State.QUEUED
