"""Pictures for the documentation and for whoever backtests a series; the site itself draws its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from journal.downswings.chart import Point, chart
from journal.downswings.evidence.operating import RULES, noticed
from journal.downswings.evidence.simulate import Kind, draw, ramp, step
from journal.downswings.many import Bools, Lives
from journal.downswings.offsets import Day
from journal.downswings.stretches import stretches

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

PANELS = 12
CHANGES = {"A step of 1 SD down": step(-1.0), "A 60-day ramp to 1.5 SD down": ramp(-1.5, 60)}
FIRST = date(2026, 1, 1)
LEAD, SHOWN = 90, 75  # monitored days before the change that is drawn, and days after it
LINE, BAND, LOW = "#2f6f7e", "#dcebea", "#c9713a"


class NoMatplotlib(ImportError):
    """Drawing needs a library that the site does not."""


def panels(people: Mapping[str, Sequence[Point]], path: Path) -> int:
    """Draw up to twelve people to ``path``, flagged ones first; returns how many. Raises ``NoMatplotlib``."""
    drawn = sorted(people, key=lambda who: -sum(point.flag for point in people[who]))[:PANELS]
    figure, axes = _figure(len(drawn))
    for who, axis in zip(drawn, axes, strict=True):
        _panel(axis, people[who], who)
    figure.savefig(path, dpi=120)
    return len(drawn)


def changes(path: Path, seed: int, people: int) -> None:
    """Draw how a step and a ramp down look for one person, and how soon they are noticed for many."""
    rng = np.random.default_rng(seed)
    figure, axes = _figure(4)
    for (name, change), top in zip(CHANGES.items(), (0, 2), strict=True):
        drawn = draw(rng, people, Kind().days_until(LEAD + SHOWN), Kind())
        start = drawn.since + LEAD
        lives = drawn.changed(change, start).said()
        person = _middling(RULES["chart"](lives), drawn.days_from(start))
        _panel(axes[top], _chart_of(lives, person, until=int(start[person]) + SHOWN), f"{name}: one person")
        began: Any = FIRST + timedelta(int(start[person]))
        axes[top].axvline(began, color="#888888", linestyle=":")
        _noticed(
            axes[top + 1], lives, drawn.days_from(start), f"{name}: share of people noticed, by day since it began"
        )
    figure.savefig(path, dpi=120)


def _middling(low: Bools, day: NDArray[np.int64]) -> int:
    """A person for whom the change is noticed neither early nor late."""
    after = low & (day >= 0)
    free = np.flatnonzero((after.sum(axis=0) > 0) & ((low & (day == -1)).sum(axis=0) == 0))
    waited = day[after.argmax(axis=0)[free], free]
    return int(free[np.argsort(waited)[len(free) // 2]])


def _chart_of(lives: Lives, person: int, until: int) -> list[Point]:
    values = lives.said[:until, person]
    observed = np.flatnonzero(~np.isnan(values))
    return chart((Day(FIRST + timedelta(int(n)), float(values[n])) for n in observed), scale=None)


def _noticed(axis: Axes, lives: Lives, day: NDArray[np.int64], title: str) -> None:
    days = range(1, SHOWN + 1)
    for name, rule in RULES.items():
        low = rule(lives)
        shares = [float(noticed(low, day, last).mean()) for last in days]
        axis.plot(list(days), shares, label=name)
    axis.set_ylim(0, 1)
    axis.legend(frameon=False)
    axis.set_title(title, loc="left", fontsize=10)
    axis.spines[["top", "right"]].set_visible(False)


def _figure(rows: int) -> tuple[Any, list[Axes]]:
    try:
        # No pyplot: a command needs neither windows nor a figure that outlives it.
        from matplotlib.figure import Figure
    except ImportError:
        raise NoMatplotlib("A plot needs matplotlib: pip install 'moodtide[training]'.") from None
    figure = Figure(figsize=(9, 2.4 * max(rows, 1)), layout="constrained")
    return figure, list(figure.subplots(max(rows, 1), 1, squeeze=False)[:rows, 0])


def _panel(axis: Axes, points: Sequence[Point], title: str) -> None:
    dates: list[Any] = [point.date for point in points]
    axis.plot(dates, [point.value for point in points], "o", color=LINE, markersize=3, label="day")
    banded = [(p.date, p.mean, p.sd) for p in points if p.mean is not None and p.sd is not None]
    if banded:
        days, means, sds = zip(*banded, strict=True)
        low, high = zip(*((mean - sd, mean + sd) for mean, sd in zip(means, sds, strict=True)), strict=True)
        axis.fill_between(days, low, high, color=BAND, label="usual band (mean, 1 SD)")
    for stretch in stretches(points, points[-1].date) if points else ():
        span: Any = (stretch.start, stretch.last)
        axis.axvspan(*span, color=LOW, alpha=0.25)
    flags: list[Any] = [point.date for point in points if point.flag]
    for flag in flags:
        axis.axvline(flag, color=LOW)
    axis.set_title(title, loc="left", fontsize=10)
    axis.spines[["top", "right"]].set_visible(False)
