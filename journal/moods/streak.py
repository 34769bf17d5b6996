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
    """``kept`` days that hold something, of the last ``length``; today counts only once it holds something."""

    kept: int
    length: int


def run(days: Iterable[date], today: date) -> Run | None:
    """The run that still goes on today; None where none does. A run of one day is none yet."""
    kept = sorted({day for day in days if day <= today}, reverse=True)
    end = today if today in kept else today - timedelta(days=1)
    first, count = end + timedelta(days=1), 0
    for day in kept:
        if (first - day).days > FORGIVEN + 1:
            break
        first, count = day, count + 1
    return Run(count, (end - first).days + 1) if count > 1 else None


def run_of(user: User, today: date) -> Run | None:
    """A person's run, if they asked to see it."""
    if not user.profile.show_run:
        return None
    return run(DailyMood.objects.filter(user=user).values_list("local_date", flat=True), today)
