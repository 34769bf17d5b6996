"""A person's chart -> what the page draws: packed for the script, drawn by the server for pages without one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from journal.downswings.chart import Point
from journal.moods.models import DailyMood

SHOWN: Final = timedelta(days=120)
SCALE: Final = 1000
WIDTH, HEIGHT = 100.0, 40.0  # of the plain drawing
Spans = Sequence[tuple[date, date]]


@dataclass(frozen=True)
class Row:
    """A day in the table under the chart."""

    date: date
    value: float
    band: tuple[float, float] | None
    low: bool


def shown(points: Sequence[Point], today: date) -> list[Point]:
    """The newest four months."""
    return [point for point in points if today - point.date <= SHOWN]


def packed(points: Sequence[Point], said: set[date], spans: Spans) -> dict[str, Any]:
    """Column by column, in thousandths."""
    bands = [_band(point) for point in points]
    return {
        "scale": SCALE,
        "at": [point.date.isoformat() for point in points],
        "value": [round(point.value * SCALE) for point in points],
        "said": [int(point.date in said) for point in points],
        "band": [[round(end * SCALE) for end in band] if band else None for band in bands],
        "low": [[first.isoformat(), last.isoformat()] for first, last in spans],
    }


def said_days(user_id: int, points: Sequence[Point]) -> set[date]:
    """Which of these days are in the person's own words."""
    if not points:
        return set()
    rows = DailyMood.objects.filter(user=user_id, source=DailyMood.Source.SAID, local_date__gte=points[0].date)
    return set(rows.values_list("local_date", flat=True))


def table(points: Sequence[Point], spans: Spans) -> list[Row]:
    """The newest day first."""
    return [Row(p.date, p.value, _band(p), _is_low(p.date, spans)) for p in reversed(points)]


def plain(points: Sequence[Point], spans: Spans, today: date) -> dict[str, Any]:
    """Paths and places in a drawing 100 wide and 40 high."""
    start = points[0].date if points else today
    across = WIDTH / max((today - start).days, 1)

    def x(day: date) -> float:
        return (day - start).days * across

    banded = [(x(p.date), band) for p in points if (band := _band(p))]
    edge = [f"{at:.2f} {_y(high):.2f}" for at, (_low, high) in banded]
    edge += [f"{at:.2f} {_y(low):.2f}" for at, (low, _high) in reversed(banded)]
    return {
        "band": f"M{'L'.join(edge)}Z" if banded else "",
        "dots": [{"x": x(p.date), "y": _y(p.value)} for p in points],
        "low": list(marks(spans, start, today)),
    }


def marks(spans: Spans, start: date, end: date) -> Iterator[dict[str, float]]:
    """Where low stretches stand in a plain drawing of these days."""
    across = WIDTH / max((end - start).days, 1)
    for first, last in spans:
        left = (max(first, start) - start).days * across
        yield {"x": left, "width": max((min(last, end) - start).days * across - left, across)}


def _y(value: float) -> float:
    return HEIGHT / 2 - value * (HEIGHT / 2 - 2)


def _band(point: Point) -> tuple[float, float] | None:
    if point.mean is None or point.sd is None:
        return None
    return max(point.mean - point.sd, -1.0), min(point.mean + point.sd, 1.0)


def _is_low(day: date, spans: Spans) -> bool:
    return any(first <= day <= last for first, last in spans)
