"""Points of a chart -> low stretches: from which day, until which, how deep, and what was seen at its flag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from journal.downswings.chart import GAP_DAYS, Point, State

# The days behind what is said about a flag: as many as the average age of a day in z, (1 - 0.1) / 0.1.
LOOKED_AT: Final = 9
# A stretch that silence or another model cut short, and that opens again so soon after its last low day, is the same.
SAME_WITHIN: Final = timedelta(days=28)
# One day without a value is bridged; two in a row are a gap, and nobody knows what they were like.
GAP_FROM: Final = timedelta(days=3)


@dataclass(frozen=True)
class Evidence:
    """What the chart had before it when it spoke, over the newest nine observed days; in the journal's own scale."""

    days: int
    below: int  # the middle of the person's usual days
    under_band: int  # lower than one SD below it
    mean: float
    usual: float
    sd: float


@dataclass
class Stretch:
    """From the day of its flag to its newest low day; ``depth`` is z at its lowest, in SDs of the usual days.

    ``began`` looks back from the flag: the first of the days since which z was below the middle, never to cross it
    again before the flag. An EWMA chart's own estimate of when a change came (Nishina 1992); it changes no state.
    """

    began: date
    start: date
    last: date
    depth: float
    evidence: Evidence
    goes_on: bool = True
    _cut: bool = field(default=False, repr=False, compare=False)

    @property
    def end(self) -> date | None:
        return None if self.goes_on else self.last


def stretches(points: Sequence[Point], today: date) -> list[Stretch]:
    """Every low stretch in order; ``today`` is the day that is not over yet, and no point belongs to it or a later one.

    A stretch that was cut short by silence or a model's switch is joined with one that opens within four weeks of it.
    """
    found: list[Stretch] = []
    below: date | None = None
    for number, point in enumerate(points):
        newest = found[-1] if found else None
        # A flag in the midst of one: it had ended on days that were too few to say so.
        if newest and newest.goes_on and (point.restarted or point.flag or point.state is State.USUAL):
            newest.goes_on, newest._cut, below = False, point.restarted, None
        below = _below_since(below, point)
        if point.flag and newest and newest._cut and point.date - newest.last <= SAME_WITHIN:
            newest.goes_on = True
        elif point.flag:
            newest = Stretch(below or point.date, point.date, point.date, 0.0, evidence(points[: number + 1]))
            found.append(newest)
        if newest and point.state is State.LOW:
            newest.last, newest.depth = point.date, min(newest.depth, point.z or 0.0)
    if found and (today - points[-1].date).days > GAP_DAYS:
        found[-1].goes_on = False  # whichever day comes next starts anew
    return found


def _below_since(since: date | None, point: Point) -> date | None:
    """The first day of those, up to this point, on which z has been below the middle."""
    if point.z is None or point.z >= 0:
        return None
    return point.date if since is None or point.restarted else since


def runs(days: Sequence[date]) -> list[tuple[date, date]]:
    """First and last of the days that follow one another, in order: what may be painted as one."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] < GAP_FROM:
            found[-1] = found[-1][0], day
        else:
            found.append((day, day))
    return found


def evidence(points: Sequence[Point]) -> Evidence:
    """What the newest days of a chart are like, beside what is usual on the last of them."""
    newest, last = points[-LOOKED_AT:], points[-1]
    usual, sd = last.mean or 0.0, last.sd or 0.0
    values = [point.value for point in newest]
    return Evidence(
        days=len(values),
        below=sum(value < usual for value in values),
        under_band=sum(value < usual - sd for value in values),
        mean=sum(values) / len(values),
        usual=usual,
        sd=sd,
    )
