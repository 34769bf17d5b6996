"""What a person chooses: on or off, how sensitive, the baseline anew; and what they say about what was noticed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from journal.accounts.consent import hold_still
from journal.accounts.models import User
from journal.downswings.models import Downswing, Sensitivity, Watch
from journal.downswings.news import forget
from journal.downswings.watch import follow
from journal.snapshots.days import today_of

SNOOZE_FOR: Final = timedelta(days=7)


@transaction.atomic
def turn_on(user: User, sensitivity: Sensitivity) -> None:
    """Watch from now on, or with another sensitivity; the past is looked at anew, and nothing is sent about it."""
    hold_still(user)
    chosen = {"on": True, "sensitivity": sensitivity, "chosen": today_of(user)}
    Watch.objects.update_or_create(user=user, defaults=chosen)
    follow(user, quietly=True)


@transaction.atomic
def turn_off(user: User) -> None:
    """Stop, and forget all that was computed or told; of what the person answered, the days and the answer stay."""
    hold_still(user)
    Watch.objects.filter(user=user).update(on=False, swept=None, told=None)
    forget(user)
    rows = Downswing.objects.filter(user=user)
    rows.filter(answer="").delete()
    _close(rows)
    rows.update(evidence={}, depth=0.0, stands=False, message=Downswing.Message.SPARED)


@transaction.atomic
def start_anew(user: User) -> None:
    """Let only the days from today on say what is usual; a low stretch that goes on ends here."""
    hold_still(user)
    Watch.objects.filter(user=user, on=True).update(since=today_of(user))
    _close(Downswing.objects.filter(user=user))
    follow(user, quietly=True)


def _close(rows: QuerySet[Downswing]) -> None:
    """Let each that goes on end with its newest low day."""
    rows.filter(end=None).update(end=Coalesce("last", "start"))


@transaction.atomic
def dismiss(user: User, pk: int) -> bool:
    """Say no more about this stretch; False if it isn't there."""
    return bool(_own(user, pk).update(dismissed_at=timezone.now()))


@transaction.atomic
def snooze(user: User, pk: int) -> date | None:
    """Be quiet about this stretch for a week; the day on which it may speak again, None if it isn't there."""
    until = today_of(user) + SNOOZE_FOR
    return until if _own(user, pk).update(snoozed_until=until) else None


@transaction.atomic
def show_again(user: User, pk: int) -> bool:
    """Take a dismissal or a snooze back; False if the stretch isn't there."""
    return bool(_own(user, pk).update(dismissed_at=None, snoozed_until=None))


@transaction.atomic
def answer(user: User, pk: int, said: Downswing.Answer) -> bool:
    """Keep whether it was right; a later answer replaces the first. False if it isn't there."""
    return bool(_own(user, pk).update(answer=said, answered_at=timezone.now()))


def _own(user: User, pk: int) -> QuerySet[Downswing]:
    """One of the person's rows; it waits for whoever is following their days, and lets nobody begin."""
    hold_still(user)
    return Downswing.objects.filter(user=user, pk=pk, stands=True)


@dataclass(frozen=True)
class HitRate:
    """How often the person said that what was noticed was right."""

    right: int
    answered: int


def hit_rate(user: User) -> HitRate:
    """Over everything that they ever answered, also what changed days no longer show."""
    answers = list(Downswing.objects.filter(user=user).exclude(answer="").values_list("answer", flat=True))
    return HitRate(answers.count(Downswing.Answer.RIGHT), len(answers))
