"""The chart over people's past days: what it would have said on each of them, and how often it would have flagged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from journal.downswings.chart import Point, State

DAYS_A_YEAR = 365.25
Z95 = 1.959964


@dataclass(frozen=True)
class Summary:
    """How often people were flagged; a year is 365.25 observed days after somebody's baseline."""

    people: int
    monitored: int  # people with more days than a first baseline takes
    flagged: int
    flags: int
    years: float

    @property
    def rate(self) -> float | None:
        return self.flags / self.years if self.years else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return poisson_interval(self.flags, self.years) if self.years else None


def summarise(people: Iterable[Sequence[Point]]) -> Summary:
    charts = list(people)
    days = [sum(point.state is not State.CALIBRATING for point in points) for points in charts]
    flags = [sum(point.flag for point in points) for points in charts]
    return Summary(len(charts), sum(map(bool, days)), sum(map(bool, flags)), sum(flags), sum(days) / DAYS_A_YEAR)


def poisson_interval(events: int, years: float) -> tuple[float, float]:
    """The 95 % interval of a rate: Byar's approximation to the exact one (Breslow & Day 1987, p. 69)."""

    def bound(count: int, sign: int) -> float:
        return count * max(1 - 1 / (9 * count) + sign * Z95 / (3 * sqrt(count)), 0.0) ** 3

    return (bound(events, -1) / years if events else 0.0), bound(events + 1, 1) / years


def as_json(points: Sequence[Point]) -> dict[str, Any]:
    """One entry an observed day, and the dates on which a low stretch begins."""
    days = [
        {"date": p.date.isoformat(), "state": p.state.value, "z": p.z, "limit": p.limit, "flag": p.flag} for p in points
    ]
    return {"days": days, "flags": [point.date.isoformat() for point in points if point.flag]}


def in_words(people: Mapping[str, Sequence[Point]]) -> str:
    """The same for a person to read."""
    lines = [_one(who, points) for who, points in people.items() if any(point.flag for point in points)]
    calm = len(people) - len(lines)
    if len(people) == 1:
        lines = [_one(who, points) for who, points in people.items()]
    elif calm:
        lines.append(f"{calm} of {len(people)} people: no flag.")
    return "\n".join([*lines, *_rate(summarise(people.values()))])


def _one(who: str, points: Sequence[Point]) -> str:
    name = f"{who}: " if who else ""
    if not points:
        return f"{name}no days."
    flags = [point.date.isoformat() for point in points if point.flag]
    state = {
        State.CALIBRATING: "still getting to know",
        State.USUAL: "usual",
        State.LOW: "lower than usual",
        State.NOT_ENOUGH_DATA: "not enough data",
    }[points[-1].state]
    count = f"{len(points)} observed day" + ("s" if len(points) > 1 else "")
    return f"{name}{count}, now {state}; flags: {', '.join(flags) or 'none'}."


def _rate(found: Summary) -> list[str]:
    if not found.monitored:
        return ["Still getting to know everyone: nobody has more than 28 observed days."]
    low, high = found.interval or (0.0, 0.0)
    return [
        f"{found.flags} flags among {found.monitored} monitored people in {found.years:.2f} observed years: "
        f"{found.rate:.2f} a year (95 % interval {low:.2f} to {high:.2f})."
    ]
