"""When days are lighter or heavier, and what goes with that: counts first, and silence where they are few."""

from __future__ import annotations

import math
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import Final

import numpy as np
import numpy.typing as npt
from django.utils import timezone

from journal.accounts.models import User
from journal.moods.history import Span, moments
from journal.moods.models import CheckIn, DailyMood

Numbers = npt.NDArray[np.float64]
# Under so many days with and without a tag nothing is said about it.
FEW: Final = 10
WHEN_YEARS: Final = timedelta(days=2 * 366)
# Two-sided 95 % of the normal distribution.
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
    rows = DailyMood.objects.filter(user=user).exclude(valence=None).order_by("local_date")
    days = {day: float(value or 0) for day, value in rows.values_list("local_date", "valence")}
    tagged: defaultdict[uuid.UUID, set[date]] = defaultdict(set)
    links = CheckIn.tags.through.objects.filter(checkin__user=user, checkin__deleted_at=None)
    for tag, day in links.values_list("tag_id", "checkin__local_date"):
        tagged[tag].add(day)
    values = np.array(list(days.values()), dtype=np.float64)
    alike = lag_one(values)
    masks = {tag: np.array([day in own for day in days], dtype=np.bool_) for tag, own in tagged.items()}
    found = [compared(tag, values, mask, alike) for tag, mask in masks.items()]
    return sorted((goes for goes in found if goes), key=lambda goes: -goes.difference)


def compared(tag: uuid.UUID, values: Numbers, own: npt.NDArray[np.bool_], alike: float) -> Goes | None:
    """Welch's interval of a difference of means, wider where days and tag both come in runs.

    ``values`` of N days in order, of which ``own`` have the tag; ``alike`` is their own lag-1 correlation.
    Days that follow each other are alike, and so are weeks of a habit: both together make chance look like an effect.
    The variance of the difference grows by (1 + ab) / (1 - ab) for their two lag-1 correlations (Bartlett 1935).
    """
    with_it, without = values[own], values[~own]
    if min(len(with_it), len(without)) < FEW:
        return None
    difference = fmean(with_it) - fmean(without)
    parts = [float(side.var(ddof=1)) / len(side) for side in (with_it, without)]
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (len(with_it) - 1) + parts[1] ** 2 / (len(without) - 1) or 1.0)
    both = alike * lag_one(own.astype(np.float64))
    reach = _student(freedom) * math.sqrt(sum(parts) * (1 + both) / (1 - both))
    return Goes(tag, len(with_it), difference, difference - reach, difference + reach)


def lag_one(values: Numbers) -> float:
    """Correlation of each value with the next, from 0 to 0.95; what follows a gap counts as the next."""
    apart = values - values.mean() if len(values) else values
    whole = float(apart @ apart)
    return min(max(float(apart[:-1] @ apart[1:]) / whole, 0.0), 0.95) if whole else 0.0


def _student(freedom: float) -> float:
    """Two-sided 95 % of Student's t, by its expansion around the normal (Abramowitz and Stegun 26.7.5)."""
    freedom = max(freedom, 2.0)
    return Z + (Z**3 + Z) / (4 * freedom) + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * freedom**2)
