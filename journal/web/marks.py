"""What stands across a chart over time: low stretches, and the days on which another model began to read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from journal.downswings.standing import low_spans
from journal.registry import history
from journal.snapshots.days import local_date, today_of
from journal.web.spans import Asked

DAY: Final = timedelta(days=1)


def low(wanted: Asked) -> list[tuple[date, date]]:
    """The low stretches of a span, each by its first and last day."""
    return low_spans(wanted.user, wanted.span.start, wanted.span.end)


def switches(wanted: Asked) -> list[tuple[date, str]]:
    """The person's days on which another model began to read, and its name."""
    profile, span = wanted.user.profile, wanted.span
    end = min(span.end, today_of(wanted.user))
    around = [datetime.combine(day, time(), UTC) for day in (span.start - DAY, end + 2 * DAY)]
    found = [(local_date(at, profile.zone, profile.day_start), name) for at, name in history.switches(*around)]
    return [(day, name) for day, name in found if span.start <= day <= span.end]
