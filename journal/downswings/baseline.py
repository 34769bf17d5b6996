"""A person's usual: mean, spread and autocorrelation of the baseline days, kept as running sums.

Sums make a new day, and a new offset of the camera, cost the same for one day as for 84; and the same lines serve one
person (floats) and thousands of simulated people at once (arrays, a column each).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Num = TypeVar("Num", float, Floats)
else:
    Num = TypeVar("Num")

# downswings.md, "The chart", steps 3 and 4.
CALIBRATION_DAYS: Final = 28  # the first days, "getting to know your usual"
FROZEN_DAYS: Final = 84  # nothing joins beyond
JOINS_AFTER_DAYS: Final = 14  # calendar days between observing a day and its joining
SD_FLOOR: Final = 0.05  # of the scale
R_PRIOR: Final = 0.3  # what the lag-1 correlation is shrunk to ...
R_PRIOR_PAIRS: Final = 30.0  # ... with the weight of this many pairs
R_MOST: Final = 0.6


class Usual(NamedTuple, Generic[Num]):
    """Mean, standard deviation (n - 1 below it, no floor yet), shrunk lag-1 correlation and number of days."""

    mean: Num
    sd: Num
    r: Num
    days: Num


class Baseline(Generic[Num]):
    """Sums over the days x = a + c * shift, where c is 1 for a camera-only day and 0 for all others.

    ``zero`` is 0.0, or an array of zeros; ``centre`` is subtracted from every value, so that squares of large
    numbers don't swallow a small spread. A pair is two baseline days one after the other.
    """

    def __init__(self, zero: Num, centre: Num) -> None:
        self._centre: Num = centre
        self.days: Num = zero
        self.pairs: Num = zero
        self.camera_days: Num = zero
        self._a: Num = zero
        self._aa: Num = zero
        self._ac: Num = zero
        # Over pairs (first, second): of products, by powers of the shift, and of both days together.
        self._pair_aa: Num = zero
        self._pair_ac: Num = zero
        self._pair_cc: Num = zero
        self._pair_a: Num = zero
        self._pair_c: Num = zero
        self._last_a: Num = zero
        self._last_c: Num = zero

    def add(self, value: Num, camera: Num, joins: Num) -> None:
        """Take a day in where ``joins`` is 1; where it is 0 nothing changes."""
        a = value - self._centre
        paired = joins * (self.days > 0)
        self._pair_aa = self._pair_aa + paired * a * self._last_a
        self._pair_ac = self._pair_ac + paired * (a * self._last_c + camera * self._last_a)
        self._pair_cc = self._pair_cc + paired * camera * self._last_c
        self._pair_a = self._pair_a + paired * (a + self._last_a)
        self._pair_c = self._pair_c + paired * (camera + self._last_c)
        self.pairs = self.pairs + paired
        self.days = self.days + joins
        self.camera_days = self.camera_days + joins * camera
        self._a = self._a + joins * a
        self._aa = self._aa + joins * a * a
        self._ac = self._ac + joins * a * camera
        self._last_a = self._last_a + joins * (a - self._last_a)
        self._last_c = self._last_c + joins * (camera - self._last_c)

    def describe(self, shift: Num) -> Usual[Num]:
        """The usual of at least two days, with camera-only days shifted."""
        total = self._a + shift * self.camera_days
        mean = total / self.days
        squares = self._aa + 2 * shift * self._ac + shift * shift * self.camera_days - total * mean
        squares = squares * (squares > 0)  # rounding alone can make it negative
        products = self._pair_aa + shift * self._pair_ac + shift * shift * self._pair_cc
        products = products - mean * (self._pair_a + shift * self._pair_c) + self.pairs * mean * mean
        flat = squares <= 0
        correlation = (products / (squares + flat)) * (self.days / self.pairs)
        r = shrink(correlation + flat * (R_PRIOR - correlation), self.pairs)
        sd = (squares / (self.days - 1)) ** 0.5
        return Usual(mean + self._centre, sd, r, self.days)


def shrink(correlation: Num, pairs: Num) -> Any:
    """A lag-1 correlation drawn towards 0.3 and kept within 0..0.6."""
    r = (pairs * correlation + R_PRIOR_PAIRS * R_PRIOR) / (pairs + R_PRIOR_PAIRS)
    return r * (r > 0) + (R_MOST - r) * (r > R_MOST)


class Range:
    """Lowest and highest baseline day, for people whose scale nobody told us."""

    def __init__(self) -> None:
        self._said: list[float] = []
        self._seen: list[float] = []

    def add(self, value: float, camera: float) -> None:
        kept = self._seen if camera else self._said
        kept[:] = [min([value, *kept]), max([value, *kept])]

    def at(self, shift: float) -> tuple[float, float]:
        """Both ends, with camera-only days shifted."""
        values = [*self._said, *(value + shift for value in self._seen)]
        return min(values), max(values)
