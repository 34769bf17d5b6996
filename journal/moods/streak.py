"""How steadily somebody keeps a journal, for those who want to know. A day or two that were missed are forgiven."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from journal.accounts.models import User
from journal.moods.models import DailyMood

# So many days in a row may be missed, and the run goes on: life happens.
FORGIVEN: Final = 2


@dataclass(frozen=True)
class Run:
    """``kept`` days that hold something, out of ``length`` from the first of them until the last."""

    kept: int
    length: int


def run(days: Iterable[date], today: date) -> Run | None:
    """The run that still goes on today; None where none does. A run of one day is none yet."""
    last, first, kept = today, today, 0
    for day in sorted(set(days), reverse=True):
        if day > today:
            continue
        if (first - day).days > FORGIVEN + 1:
            break
        last = last if kept else day
        first, kept = day, kept + 1
    return Run(kept, (last - first).days + 1) if kept > 1 else None


def run_of(user: User, today: date) -> Run | None:
    """A person's run, if they asked to see it."""
    if not user.profile.show_run:
        return None
    # A year is enough to say, and keeps the query small.
    since = today - timedelta(days=366)
    return run(DailyMood.objects.filter(user=user, local_date__gte=since).values_list("local_date", flat=True), today)
