"""Simulated lives: days of people whose mood is known, because it was drawn.

A mood is a stationary first-order autoregression over calendar days with mean 0 and SD 1, on which a change is laid;
days are missing at random and independently. One SD of mood is 0.25 on the journal's scale of -1..1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from journal.downswings.baseline import CALIBRATION_DAYS
from journal.downswings.many import Bools, Floats, Lives

SD = 0.25  # of a day, on the journal's scale: five times the floor of the SD
SKEW_SHAPE = (
    4.0  # skewness -1; in CoVidAffect's people with more than 28 days the middle one's is -0.4, a tenth's < -1.6
)
READING_NOISE = 0.3  # SD of what the camera saw around what was said, in SDs of mood

Change = Callable[[NDArray[np.int64]], Floats]  # days since the change (negative before) -> SDs


@dataclass(frozen=True)
class Kind:
    """How days are: lag-1 correlation, share of days missing, left-skewed or normal."""

    r: float = 0.3
    missing: float = 0.2
    skewed: bool = False

    def days_until(self, after: int) -> int:
        """Calendar days until nearly everybody has a baseline, and ``after`` more."""
        return int(CALIBRATION_DAYS / (1 - self.missing)) + 40 + after


@dataclass(frozen=True)
class People:
    """Drawn moods (days x people, in SDs), which days are observed, and the first monitored day of each person."""

    mood: Floats
    observed: Bools
    since: NDArray[np.int64]

    def days_from(self, start: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.asarray(np.arange(len(self.mood))[:, None] - start)

    def changed(self, change: Change, start: NDArray[np.int64]) -> People:
        return People(self.mood + change(self.days_from(start)), self.observed, self.since)

    def said(self) -> Lives:
        """All of it in the people's own words."""
        values = np.where(self.observed, SD * self.mood, np.nan)
        return Lives(values, np.full_like(values, np.nan))


def draw(rng: np.random.Generator, people: int, days: int, kind: Kind) -> People:
    mood = autoregression(rng, people, days, kind.r)
    observed = rng.random((days, people)) >= kind.missing
    since = np.argmax(np.cumsum(observed, axis=0) >= CALIBRATION_DAYS, axis=0) + 1
    return People(left_skewed(mood) if kind.skewed else mood, observed, since)


def autoregression(rng: np.random.Generator, people: int, days: int, r: float) -> Floats:
    """Days x people, SD 1 on every day."""
    mood = rng.normal(size=(days, people))
    for day in range(1, days):
        mood[day] = r * mood[day - 1] + np.sqrt(1 - r * r) * mood[day]
    return mood


def left_skewed(normal: Floats, shape: float = SKEW_SHAPE) -> Floats:
    """Minus a gamma variable, standardised: many fair days and a tail of bad ones (Wilson & Hilferty 1931)."""
    gamma = shape * (1 - 1 / (9 * shape) + normal / (3 * np.sqrt(shape))) ** 3
    return np.asarray((shape - gamma) / np.sqrt(shape))


def step(size: float) -> Change:
    return lambda day: np.where(day >= 0, size, 0.0)


def ramp(size: float, days: int) -> Change:
    return lambda day: np.clip(size * (day + 1) / days, min(size, 0.0), max(size, 0.0)).astype(np.float64)
