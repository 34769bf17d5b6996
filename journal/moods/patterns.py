"""When days are lighter or heavier, and what goes with that: counts first, and silence where they are few."""

from __future__ import annotations

import math
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import fmean, variance
from typing import Final

from django.utils import timezone

from journal.accounts.models import User
from journal.moods.history import Span, moments
from journal.moods.models import CheckIn, DailyMood

# Under so many days with and without a tag nothing is said about it.
FEW: Final = 10
WHEN_YEARS: Final = timedelta(days=2 * 366)
# Two-sided 95 % of the normal distribution; with ten days and more a side, close enough to Student's.
Z: Final = 1.96


@dataclass(frozen=True)
class Cell:
    """One hour of the week: ``weekday`` 0 is Monday."""

    weekday: int
    hour: int
    valence: float
    count: int


@dataclass(frozen=True)
class Goes:
    """How much lighter the days with a tag are than those without it, with its 95 % interval."""

    tag: uuid.UUID
    days: int
    difference: float
    low: float
    high: float

    @property
    def could_be_chance(self) -> bool:
        return self.low <= 0 <= self.high


def when(user: User) -> list[Cell]:
    """Mean valence by weekday and local hour over the last two years."""
    today = timezone.now().date() + timedelta(days=1)  # whatever zone the days were in
    found: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for moment in moments(user, Span(today - WHEN_YEARS, today)):
        if moment.valence is not None:
            found[moment.local.weekday(), moment.local.hour].append(moment.valence)
    return [Cell(weekday, hour, fmean(values), len(values)) for (weekday, hour), values in sorted(found.items())]


def what_goes_with(user: User) -> list[Goes]:
    """Each tag with enough days on both sides, the lightest first."""
    rows = DailyMood.objects.filter(user=user).exclude(valence=None).values_list("local_date", "valence")
    days = {day: float(value or 0) for day, value in rows}
    tagged: defaultdict[uuid.UUID, set[object]] = defaultdict(set)
    links = CheckIn.tags.through.objects.filter(checkin__user=user, checkin__deleted_at=None)
    for tag, day in links.values_list("tag_id", "checkin__local_date"):
        tagged[tag].add(day)
    found = [
        _goes(tag, [v for d, v in days.items() if d in own], [v for d, v in days.items() if d not in own])
        for tag, own in tagged.items()
    ]
    return sorted((goes for goes in found if goes), key=lambda goes: -goes.difference)


def _goes(tag: uuid.UUID, with_it: Sequence[float], without: Sequence[float]) -> Goes | None:
    """Welch's interval of a difference of means."""
    if min(len(with_it), len(without)) < FEW:
        return None
    difference = fmean(with_it) - fmean(without)
    reach = Z * math.sqrt(variance(with_it) / len(with_it) + variance(without) / len(without))
    return Goes(tag, len(with_it), difference, difference - reach, difference + reach)
