from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from journal.accounts.models import User
from journal.snapshots.days import local_date, today_of

FOUR = time(4)


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        (datetime(2026, 3, 10, 12, tzinfo=UTC), "UTC", date(2026, 3, 10)),
        (datetime(2026, 3, 10, 3, 59, tzinfo=UTC), "UTC", date(2026, 3, 9)),
        (datetime(2026, 3, 10, 4, 0, tzinfo=UTC), "UTC", date(2026, 3, 10)),
        (datetime(2026, 3, 9, 20, tzinfo=UTC), "Asia/Tokyo", date(2026, 3, 10)),
        # Summer time starts in Berlin at 01:00 UTC on 29 March 2026: 02:30 UTC is already 04:30 there.
        (datetime(2026, 3, 28, 2, 30, tzinfo=UTC), "Europe/Berlin", date(2026, 3, 27)),
        (datetime(2026, 3, 29, 2, 30, tzinfo=UTC), "Europe/Berlin", date(2026, 3, 29)),
    ],
)
def test_a_day_goes_from_four_to_four(at: datetime, zone: str, day: date) -> None:
    assert local_date(at, zone, FOUR) == day


@pytest.mark.parametrize(("hour", "day"), [(2, 9), (3, 10)])  # 03:00 and 04:00 in Berlin
def test_today_begins_at_the_persons_own_hour(
    person: User, monkeypatch: pytest.MonkeyPatch, hour: int, day: int
) -> None:
    at = datetime(2026, 3, 10, hour, tzinfo=UTC)
    assert today_of(person, at) == date(2026, 3, day)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    assert today_of(person) == date(2026, 3, day)
