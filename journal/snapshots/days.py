"""Which local day a moment belongs to, and which one it is for somebody now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from journal.accounts.models import User


def local_date(at: datetime, zone: str, day_start: time) -> date:
    """The person's day of an aware moment; a night belongs to the day before until ``day_start``.

    Raises ``zoneinfo.ZoneInfoNotFoundError`` for a zone that nobody knows.
    """
    local = at.astimezone(ZoneInfo(zone))
    return local.date() - timedelta(days=1) if local.time() < day_start else local.date()


def today_of(user: User, now: datetime | None = None) -> date:
    """The person's day that is not over yet; it begins at their own hour."""
    return local_date(now or timezone.now(), user.profile.zone, user.profile.day_start)


def is_today(day: date, zone: str, user: User, now: datetime | None = None) -> bool:
    """Whether a day that was counted in ``zone`` isn't over, there or at home; a journey puts the two apart."""
    now = now or timezone.now()
    return day == today_of(user, now) or day >= local_date(now, zone, user.profile.day_start)
