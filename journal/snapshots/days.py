"""Which local day a moment belongs to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def local_date(at: datetime, zone: str, day_start: time) -> date:
    """The person's day of an aware moment; a night belongs to the day before until ``day_start``.

    Raises ``zoneinfo.ZoneInfoNotFoundError`` for a zone that nobody knows.
    """
    local = at.astimezone(ZoneInfo(zone))
    return local.date() - timedelta(days=1) if local.time() < day_start else local.date()
