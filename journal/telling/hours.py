"""Quiet hours: plain arithmetic on a clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Hours:
    """From ``start`` until before ``end`` by the wall clock, across midnight where ``end`` comes first.

    Equal ends are no hours at all.
    """

    start: time
    end: time

    def cover(self, clock: time) -> bool:
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def wait(self, now: datetime, zone: str) -> datetime:
        """The first moment from ``now`` (aware) on that is not quiet in the zone; in UTC."""
        local = now.astimezone(ZoneInfo(zone))
        if not self.cover(local.time()):
            return now.astimezone(UTC)
        day = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
        # Where summer time ends, the clock shows an hour twice; the first time may have gone by.
        ends = (datetime.combine(day, self.end.replace(fold=fold), local.tzinfo).astimezone(UTC) for fold in (0, 1))
        return next(end for end in ends if end > now)


# What nobody chose a time for comes by day, whatever else was chosen or not.
NIGHT: Final = Hours(time(21), time(9))


def wait_for_all(hours: Sequence[Hours], now: datetime, zone: str) -> datetime:
    """The first moment from ``now`` (aware) on that none of these covers, in UTC.

    Where together they cover the whole day, the first of them alone counts.
    """
    free = now.astimezone(UTC)
    for _round in range(2 * len(hours)):
        after = max((each.wait(free, zone) for each in hours), default=free)
        if after == free:
            return free
        free = after
    return hours[0].wait(now, zone) if hours else free
