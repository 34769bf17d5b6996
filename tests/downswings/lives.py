"""Days of a person in the database, and a clock that a test turns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest

from journal.accounts.models import User
from journal.downswings.chart import State
from journal.moods.models import CheckIn
from journal.moods.rollup import recompute_all

TODAY = date(2026, 11, 20)
WAVE = (0.2, -0.1, 0.05, -0.2, 0.1, -0.05, 0.0)  # a quiet week, mean 0


def turn_clock(monkeypatch: pytest.MonkeyPatch, day: date = TODAY, hour: int = 12) -> None:
    """It is that hour, UTC, of that day."""
    moment = datetime.combine(day, time(hour), UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def live(user: User, values: Sequence[float | None], last: date = TODAY - timedelta(days=1)) -> None:
    """One check-in a day, the newest on ``last``; None for a day on which nothing was noted."""
    first = last - timedelta(days=len(values) - 1)
    CheckIn.objects.bulk_create(
        CheckIn(user=user, at=datetime.combine(first + timedelta(days=n), time(10), UTC), zone="UTC",
                local_date=first + timedelta(days=n), valence=value)
        for n, value in enumerate(values) if value is not None
    )  # fmt: skip
    recompute_all(user)


def quiet(days: int) -> list[float]:
    return [WAVE[number % 7] for number in range(days)]


__all__ = ["TODAY", "State", "live", "quiet", "turn_clock"]
