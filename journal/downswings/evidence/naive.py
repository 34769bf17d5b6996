"""The rules that mood trackers and spreadsheets use, on the same days, to show what a chart is for."""

from __future__ import annotations

import numpy as np

from journal.downswings.baseline import CALIBRATION_DAYS
from journal.downswings.many import Bools, Lives

ROUNDING = 1e-9  # so that a constant series isn't below its own mean


def three_days_below(lives: Lives) -> Bools:
    """Days x people: the third or later observed day in a row more than one SD below the mean."""
    return _in_a_row(lives, days=3, below=1.0)


def week_below(lives: Lives) -> Bools:
    """Days x people: the seventh or later observed day in a row below the mean."""
    return _in_a_row(lives, days=7, below=0.0)


def _in_a_row(lives: Lives, days: int, below: float) -> Bools:
    """Mean and SD are those of the first 28 observed days, as the chart's first baseline."""
    values, observed = lives.values, lives.observed
    first = observed & (np.cumsum(observed, axis=0) <= CALIBRATION_DAYS)
    count = np.maximum(first.sum(axis=0), 1)
    mean = np.where(first, values, 0.0).sum(axis=0) / count
    sd = np.sqrt(np.where(first, (values - mean) ** 2, 0.0).sum(axis=0) / np.maximum(count - 1, 1))
    under = observed & ~first & (values < mean - below * sd - ROUNDING)
    row = np.zeros(values.shape[1])
    low = np.zeros(values.shape, dtype=bool)
    for day in range(len(values)):
        row = np.where(observed[day] & ~first[day], np.where(under[day], row + 1, 0), row)
        low[day] = row >= days
    return low
