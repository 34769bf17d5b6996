"""A waiting delivery: whether it may go, exactly one worker gets it, and how it ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.db.models import F
from django.utils import timezone

from journal.telling import channels
from journal.telling.models import Channel, Delivery, Kind, Message, OptIn
from journal.telling.outcome import NotNow
from journal.telling.signals import still_wanted

State = Delivery.State
# Longer than any attempt takes: sockets give up after seconds.
STALE: Final = timedelta(minutes=5)
# Between attempts; whoever asks us to wait longer is obeyed.
BACK_OFF: Final = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 480, 1800, 3600))

log = structlog.get_logger(__name__)


def waiting(pk: UUID | str) -> Delivery | None:
    """A row that waits, with all that sending needs; None if it's gone, taken or finished."""
    rows = Delivery.objects.select_related("message__user__profile", "message__user__quiet_hours", "browser")
    return rows.filter(pk=pk, state=State.QUEUED, not_before__lte=timezone.now()).first()


def unwanted(row: Delivery) -> str:
    """Why a message should not go after all, in one word; empty if it should."""
    message, person = row.message, row.message.user
    if message.expires_at <= timezone.now():
        return "too_late"
    if not person.is_active or person.is_demo:
        return "not_for_this_account"
    if not _is_chosen(row):
        return "switched_off"
    if row.channel == Channel.PUSH and row.browser is None:
        return "no_browser"
    if row.channel == Channel.EMAIL and not channels.by_email([person.pk]):
        return "no_address"
    answers: list[tuple[Any, Any]] = still_wanted.send(Message, message=message)
    return "no_longer_needed" if any(answer is False for _receiver, answer in answers) else ""


def _is_chosen(row: Delivery) -> bool:
    message = row.message
    if message.kind == Kind.TEST:
        return True
    return OptIn.objects.filter(user=message.user_id, kind=message.kind, channel=row.channel).exists()


def quiet_until(row: Delivery) -> datetime | None:
    """When the person's quiet hours end, if it is quiet now."""
    now = timezone.now()
    free = channels.free(row.message.user, Kind(row.message.kind), now)
    return free if free > now else None


def claim(row: Delivery) -> bool:
    """Take a waiting row; False if somebody else was first. What is claimed is sent now or never by this claim."""
    queued = Delivery.objects.filter(pk=row.pk, state=State.QUEUED)
    won = queued.update(state=State.SENDING, claimed_at=timezone.now(), attempts=F("attempts") + 1)
    row.attempts += won
    return bool(won)


def put_off(row: Delivery, until: datetime) -> None:
    """Let a row wait that nobody has claimed."""
    Delivery.objects.filter(pk=row.pk, state=State.QUEUED).update(not_before=until, rung_at=None)


def drop(row: Delivery, why: str) -> None:
    """End a row that nobody has claimed, unsent."""
    now = timezone.now()
    queued = Delivery.objects.filter(pk=row.pk, state=State.QUEUED)
    if queued.update(state=State.DROPPED, outcome=why, finished_at=now):
        log.info("delivery_dropped", delivery=str(row.pk), channel=row.channel, outcome=why)


def finish(row: Delivery, state: Delivery.State, outcome: str = "") -> None:
    """Write how a claimed row ended. The number of the attempt is the claim's ticket."""
    held = Delivery.objects.filter(pk=row.pk, state=State.SENDING, attempts=row.attempts)
    held.update(state=state, outcome=outcome, finished_at=timezone.now())
    if state == State.FAILED:
        _report("delivery_failed", row, outcome)


def retry_or_give_up(row: Delivery, trouble: NotNow) -> None:
    """Put a claimed row back for a later attempt; FAILED where that would come too late, or once there were enough."""
    pause = BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
    again = timezone.now() + max(pause, trouble.after or pause)
    if row.attempts > len(BACK_OFF) or again >= row.message.expires_at:
        finish(row, State.FAILED, trouble.word)
        return
    held = Delivery.objects.filter(pk=row.pk, state=State.SENDING, attempts=row.attempts)
    held.update(state=State.QUEUED, outcome=trouble.word, not_before=again, claimed_at=None, rung_at=None)
    _report("delivery_put_off", row, trouble.word)


def give_up_stale() -> int:
    """FAILED for rows whose worker is gone: it may have sent the message, and twice is worse than not at all."""
    before = timezone.now() - STALE
    lost = list(Delivery.objects.filter(state=State.SENDING, claimed_at__lt=before))
    for row in lost:
        finish(row, State.FAILED, "worker_lost")
    return len(lost)


def _report(event: str, row: Delivery, outcome: str) -> None:
    log.warning(event, delivery=str(row.pk), channel=row.channel, outcome=outcome, attempts=row.attempts)
