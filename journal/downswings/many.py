"""The same chart on thousands of simulated people at once: one column each, one step of numpy a calendar day.

A second statement of ``chart.Chart``, which is written for one person and read by people; a test draws random lives
and holds the two to the same states, statistics and limits. Constants, baseline and variance are shared.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from journal.downswings.baseline import CALIBRATION_DAYS, FROZEN_DAYS, JOINS_AFTER_DAYS, SD_FLOOR, Baseline, Usual
from journal.downswings.chart import (
    BACK_TO_USUAL,
    CLIP,
    GAP_DAYS,
    JOURNAL_SCALE,
    KEEP,
    RECENT_DAYS,
    RECENT_OBSERVED,
    USUAL,
    WEIGHT,
    Scale,
    State,
    variance,
)
from journal.downswings.offsets import PAIRS_BEFORE_SHIFT, QUIET_AFTER_SWITCH

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
STATES = (State.CALIBRATING, State.USUAL, State.LOW, State.NOT_ENOUGH_DATA)


@dataclass(frozen=True)
class Lives:
    """Days x people; NaN where nothing was said, or seen.

    From ``switch`` on, one day for all or one for each, another model sees, with ``shadow``.
    """

    said: Floats
    seen: Floats
    switch: int | NDArray[np.int64] = 2**31
    shadow: Floats = field(default_factory=lambda: np.zeros(1))

    @property
    def observed(self) -> Bools:
        return ~(np.isnan(self.said) & np.isnan(self.seen))

    @property
    def values(self) -> Floats:
        """What the person said, else what was seen, without any offset: what a naive rule looks at."""
        return np.where(np.isnan(self.said), self.seen, self.said)


@dataclass(frozen=True)
class Points:
    """Days x people. ``state`` counts in ``STATES`` and is -1 on unobserved days, where z and limit are NaN, too."""

    state: NDArray[np.int8]
    flag: Bools
    low: Bools  # also between the observed days of a low stretch
    z: Floats
    limit: Floats


def charts(
    lives: Lives, *, width: float = USUAL, scale: Scale = JOURNAL_SCALE, known: Usual[Floats] | None = None
) -> Points:
    """Every person's chart, with L = ``width``. A ``known`` usual replaces the baseline from the first day on."""
    running = _Charts(lives, width, SD_FLOOR * (scale[1] - scale[0]), known)
    with np.errstate(divide="ignore", invalid="ignore"):  # people who have no baseline yet
        for day in range(len(lives.said)):
            running.step(day)
    return running.points


class _Charts:
    def __init__(self, lives: Lives, width: float, floor: float, known: Usual[Floats] | None) -> None:
        days, people = lives.said.shape
        zero = np.zeros(people)
        self._lives, self._width, self._floor, self._known = lives, width, floor, known
        self._observed = lives.observed
        self._baseline: Baseline[Floats] = Baseline(zero, zero)
        self._waits = np.zeros((JOINS_AFTER_DAYS, people), dtype=bool)
        self._wait_value = np.zeros((JOINS_AFTER_DAYS, people))
        self._wait_camera = np.zeros((JOINS_AFTER_DAYS, people))
        self._recent, self._z, self._n = zero.copy(), zero.copy(), zero.copy()
        if known:  # nobody has too few days, as nobody has after a baseline of their own
            self._recent += RECENT_DAYS
        self._low = np.zeros(people, dtype=bool)
        self._last = np.full(people, 2**31)
        self._switched = np.full(people, 2**31)
        self._met_first, self._spoke = np.zeros(people, dtype=bool), np.zeros(people, dtype=bool)
        self._from_model, self._difference, self._pairs = zero.copy(), zero.copy(), zero.copy()
        shape = (days, people)
        self.points = Points(
            np.full(shape, -1, np.int8), np.zeros(shape, bool), np.zeros(shape, bool),
            np.full(shape, np.nan), np.full(shape, np.nan),
        )  # fmt: skip

    def step(self, day: int) -> None:
        said, seen, observed = self._lives.said[day], self._lives.seen[day], self._observed[day]
        self._recent += observed
        if day >= RECENT_DAYS:
            self._recent -= self._observed[day - RECENT_DAYS]
        self._restart(observed & (day - self._last > GAP_DAYS))
        self._last = np.where(observed, day, self._last)
        self._meet(day, ~np.isnan(seen))
        spoke = ~np.isnan(said)
        self._spoke |= spoke
        camera = (~spoke).astype(float)
        value = np.where(observed, np.where(spoke, said, seen + self._from_model), 0.0)
        shift = np.where(self._pairs >= PAIRS_BEFORE_SHIFT, self._difference / self._pairs, 0.0)
        self._let_join(day)
        usual = self._known or self._baseline.describe(shift)
        calibrating = observed & (usual.days < CALIBRATION_DAYS)
        self._monitor(day, observed & ~calibrating, value, camera, shift, usual)
        self._baseline.add(value, camera, calibrating.astype(float))
        self.points.state[day, calibrating] = 0
        both = spoke & ~np.isnan(seen)
        self._pairs += both
        self._difference += np.where(both, said - seen - self._from_model, 0.0)

    def _restart(self, who: Bools) -> None:
        self._z[who] = self._n[who] = 0.0
        self._low &= ~who

    def _meet(self, day: int, sees: Bools) -> None:
        """The first reading of the second model, for whoever was read by the first."""
        later = np.asarray(day >= self._lives.switch)
        self._met_first |= sees & ~later
        now = sees & later & self._met_first & (self._switched > day)
        if not now.any():
            return
        self._switched[now] = day
        self._from_model += np.where(now, self._lives.shadow, 0.0)
        self._spoke &= ~now
        self._restart(now)

    def _let_join(self, day: int) -> None:
        slot = day % JOINS_AFTER_DAYS  # what has waited here since JOINS_AFTER_DAYS days ago
        joins = self._waits[slot] & (self._baseline.days < FROZEN_DAYS)
        self._baseline.add(self._wait_value[slot], self._wait_camera[slot], joins.astype(float))
        self._waits[slot] = False

    def _monitor(self, day: int, who: Bools, value: Floats, camera: Floats, shift: Floats,
                 usual: Usual[Floats]) -> None:  # fmt: skip
        score = (value + camera * shift - usual.mean) / np.maximum(usual.sd, self._floor)
        self._z = np.where(who, KEEP * self._z + WEIGHT * np.clip(score, -CLIP, CLIP), self._z)
        self._n += who
        limit = -self._width * np.sqrt(variance(self._n, usual.days, usual.r))
        enough = self._recent >= RECENT_OBSERVED
        hushed = (day - self._switched >= 0) & (day - self._switched < QUIET_AFTER_SWITCH.days) & ~self._spoke
        opens = who & ~self._low & (self._z < limit) & enough & ~hushed
        closes = who & self._low & (self._z > BACK_TO_USUAL * limit)
        self._low = (self._low | opens) & ~closes
        self._waits[:, opens] = False
        slot = day % JOINS_AFTER_DAYS
        self._waits[slot] = who & ~self._low
        self._wait_value[slot], self._wait_camera[slot] = value, camera
        points = self.points
        points.state[day, who] = np.where(enough, np.where(self._low, 2, 1), 3)[who]
        points.flag[day], points.low[day] = opens, self._low
        points.z[day, who], points.limit[day, who] = self._z[who], limit[who]
