"""A control chart on one person's daily valence: it notices early, and calmly, that someone is lower than usual.

1. A day's value is what the person said, else what the camera saw, shifted to the person's own words (``offsets``).
2. The first 28 observed days are the baseline; later days join it after 14 quiet days, up to 84 (``baseline``). Days
   of a low stretch never join: they would hide the next one.
3. Each day, z is an exponentially weighted moving average of standard scores (EWMA chart: Roberts 1959), each cut off
   at +-4, so that one strange day can't flag alone.
4. z is low beyond L of its own standard deviations. They hold the start-up of the average (Lucas & Saccucci 1990), the
   autocorrelation of days (Schmid 1997), and the doubt about a mean of m days (Jones, Champ & Rigdon 2001).
5. Once low, it stays low until z is back above a quarter of the limit: one stretch, one flag.
6. Two silent weeks start z anew; without ten days in the last four weeks it says that it doesn't know.
7. A day's point depends on that day and earlier ones alone: days are fed one at a time and none is ever revised.

EWMA charts on experience sampling: Schat et al. 2021, doi 10.1037/met0000447; Smit & Snippe 2022. It says "lower than
your usual" and nothing else: expect it to be useful, not infallible. ``manage.py simulate_downswings`` shows how well
it does. Constants without another source in their line are the specification's (downswings.md, "The chart").
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from math import sqrt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from journal.downswings.baseline import (
    CALIBRATION_DAYS,
    FROZEN_DAYS,
    JOINS_AFTER_DAYS,
    SD_FLOOR,
    Baseline,
    Range,
    Usual,
)
from journal.downswings.offsets import BadDay, Day, Offsets

if TYPE_CHECKING:
    from journal.downswings.baseline import Num

Scale = tuple[float, float]

JOURNAL_SCALE: Final[Scale] = (-1.0, 1.0)
WEIGHT: Final = 0.1  # of the newest day in z
KEEP: Final = 1 - WEIGHT
CLIP: Final = 4.0  # standard scores beyond this count as this
BACK_TO_USUAL: Final = 0.25  # of the limit
GAP_DAYS: Final = 14  # this many days in a row without a value start z anew
RECENT_DAYS: Final = 28  # of the last so many days, today among them ...
RECENT_OBSERVED: Final = 10  # ... fewer than this observed: not enough data


SENSITIVE: Final = 2.0
USUAL: Final = 2.4
CALM: Final = 2.8


class State(StrEnum):
    CALIBRATING = "calibrating"
    USUAL = "usual"
    LOW = "low"
    NOT_ENOUGH_DATA = "not_enough_data"


class Point(NamedTuple):
    """What the chart says on one observed day; z, limit, mean and sd are None while it is calibrating.

    ``value`` and ``mean`` are in the person's own words' scale; z and limit are in standard scores. ``flag`` is True
    on the one day on which a low stretch opens; ``restarted`` where silence or another model started z anew.
    """

    date: date
    state: State
    value: float
    z: float | None = None
    limit: float | None = None
    mean: float | None = None
    sd: float | None = None
    flag: bool = False
    restarted: bool = False


class _Waiting(NamedTuple):
    day: int
    value: float
    camera: float


def variance(n: Num, m: Num, r: Num) -> Any:
    """Of z after ``n`` monitored days, against a baseline of ``m`` days with lag-1 correlation ``r``."""
    start_up = WEIGHT / (2 - WEIGHT) * (1 - KEEP ** (2 * n))
    return start_up * (1 + KEEP * r) / (1 - KEEP * r) + 0.5 * (1 + r) / ((1 - r) * m)


def chart(
    days: Iterable[Day],
    *,
    width: float = USUAL,
    scale: Scale | None = JOURNAL_SCALE,
    shadow: Mapping[str, float] | None = None,
) -> list[Point]:
    """One point for each day, in order. ``width`` is L; ``shadow`` as in ``Offsets``.

    Days come in ascending order and once each. Raises ``BadDay`` for all others. Without a ``scale`` there are no
    bounds, and the floor of the SD is 5 % of the range of the baseline days.
    """
    running = Chart(width=width, scale=scale, shadow=shadow)
    return [running.feed(day) for day in days]


class Chart:
    """The running chart: ``feed`` it the observed days in order."""

    def __init__(self, *, width: float = USUAL, scale: Scale | None = JOURNAL_SCALE,
                 shadow: Mapping[str, float] | None = None) -> None:  # fmt: skip
        self._width, self._scale = width, scale
        self._offsets = Offsets(shadow or {})
        self._baseline: Baseline[float] | None = None
        self._range = Range()
        self._usual: Usual[float] | None = None
        self._usual_shift = 0.0
        self._waiting: deque[_Waiting] = deque()
        self._recent: deque[int] = deque()
        self._last: int | None = None
        self._z, self._n, self._low, self._restarted = 0.0, 0, False, False
        self._said_since_switch = False

    def feed(self, day: Day) -> Point:
        day.check(self._scale)
        today = day.date.toordinal()
        self._restarted = False
        self._step_to(today)
        if day.version and self._offsets.meet(day):
            self._restart()
            self._said_since_switch = False
        value, camera = self._offsets.read(day)
        self._said_since_switch |= not camera
        shift = self._offsets.from_camera
        if self._baseline is None:
            self._baseline = Baseline(0.0, value)
        if self._baseline.days < CALIBRATION_DAYS:
            self._join(value, camera)
            point = Point(day.date, State.CALIBRATING, value + camera * shift)
        else:
            self._let_join(today)
            point = self._monitor(day.date, value, camera, shift)
        self._offsets.learn(day)
        return point

    def _step_to(self, today: int) -> None:
        """Let the calendar move on, before the day's value is looked at."""
        if self._last is not None:
            if today <= self._last:
                raise BadDay(f"{date.fromordinal(today)} comes after {date.fromordinal(self._last)}: "
                             "days are given in order and once each.")  # fmt: skip
            if today - self._last > GAP_DAYS:
                self._restart()
        self._last = today
        self._recent.append(today)
        while today - self._recent[0] >= RECENT_DAYS:
            self._recent.popleft()

    def _restart(self) -> None:
        self._z, self._n, self._low, self._restarted = 0.0, 0, False, True

    def _monitor(self, day: date, value: float, camera: float, shift: float) -> Point:
        usual = self._describe(shift)
        value_here = value + camera * shift
        # Where the days and the scale have no spread at all, nothing is lower than usual.
        score = (value_here - usual.mean) / usual.sd if usual.sd else 0.0
        self._z = KEEP * self._z + WEIGHT * (CLIP if score > CLIP else -CLIP if score < -CLIP else score)
        self._n += 1
        limit = -self._width * sqrt(variance(self._n, usual.days, usual.r))
        state, flag = self._judge(day, limit)
        if usual.days < FROZEN_DAYS and not self._low:
            self._waiting.append(_Waiting(day.toordinal(), value, camera))
        return Point(day, state, value_here, self._z, limit, usual.mean, usual.sd, flag, self._restarted)

    def _judge(self, day: date, limit: float) -> tuple[State, bool]:
        enough = len(self._recent) >= RECENT_OBSERVED
        flag = False
        if self._low:
            self._low = self._z <= BACK_TO_USUAL * limit
        elif self._z < limit and enough and (self._said_since_switch or not self._offsets.just_switched(day)):
            self._low = flag = True
            self._waiting.clear()
        if not enough:
            return State.NOT_ENOUGH_DATA, False
        return (State.LOW if self._low else State.USUAL), flag

    def _let_join(self, today: int) -> None:
        while self._waiting and today - self._waiting[0].day >= JOINS_AFTER_DAYS:
            waited = self._waiting.popleft()
            self._join(waited.value, waited.camera)

    def _join(self, value: float, camera: float) -> None:
        assert self._baseline is not None
        if self._baseline.days < FROZEN_DAYS:
            self._baseline.add(value, camera, 1.0)
            self._range.add(value, camera)
            self._usual = None

    def _describe(self, shift: float) -> Usual[float]:
        """With the floor of the SD; recomputed only when a day joined, or the baseline's camera-only days moved."""
        baseline = self._baseline
        assert baseline is not None
        if self._usual is None or (shift != self._usual_shift and baseline.camera_days):
            usual = baseline.describe(shift)
            low, high = self._scale or self._range.at(shift)
            self._usual = usual._replace(sd=max(usual.sd, SD_FLOOR * (high - low)))
            self._usual_shift = shift
        return self._usual
