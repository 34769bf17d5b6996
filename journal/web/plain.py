"""The charts as pictures that the server draws, for browsers without scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from math import ceil
from typing import Final

from inference.emotions import EMOTIONS
from journal.moods.history import Grain, Series, Span
from journal.moods.patterns import Cell

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 30
TICKS: Final = 6
# From unpleasant to pleasant; an odd number, for the one between.
SHADES: Final = 41
# An hour with little to go by is fainter, but still to be told from the page.
FAINTEST: Final = 0.45
NEAREST: Final = 0.2
FOOT: Final = 20  # where the hours stand
# A step that follows this long after the last one stands behind a gap.
GAP: Final = {Grain.HOUR: 1, Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 31}


@dataclass(frozen=True)
class Tick:
    x: float
    day: date


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    said: bool


@dataclass(frozen=True)
class Area:
    emotion: str
    points: str  # as a polygon has them


@dataclass(frozen=True)
class Picture:
    """What a template needs to draw a chart: everything in its own units, ``width`` by ``height``."""

    ticks: list[Tick]
    dots: list[Dot] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    band: tuple[float, float] | None = None  # its upper edge, and how high it is
    low: list[tuple[float, float]] = field(default_factory=list)  # where a low stretch begins, and how wide it is
    switches: list[float] = field(default_factory=list)  # where another model began to read
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def valence(
    found: Series, span: Span, stretches: Sequence[tuple[date, date]], switches: Sequence[tuple[date, str]]
) -> Picture:
    """Dots for days, a line for the mean of seven, a band for what is usual; low stretches and changes of models."""
    xs = [_x(point.at, span) for point in found.points]
    dots = [Dot(x, _y(p.valence), p.said) for x, p in zip(xs, found.points, strict=True) if p.valence is not None]
    band = None
    if found.usual:
        low, high = found.usual
        band = _y(high), round(_y(low) - _y(high), 1)
    grounds = [
        (_x(str(first), span), round(_x(str(last), span) - _x(str(first), span) + 2, 1)) for first, last in stretches
    ]
    across = [_x(str(day), span) for day, _name in switches]
    return Picture(_ticks(span), dots, list(_lines(found, xs)), band=band, low=grounds, switches=across)


def mixture(found: Series, span: Span) -> Picture:
    """Stacked areas of the eight, each step as shares of its own sum; a gap stays a gap."""
    return Picture(_ticks(span), areas=[area for stretch in _stretches(found, span) for area in _areas(stretch)])


Step = tuple[float, Sequence[float]]  # where it stands, and the shares of the eight


def _stretches(found: Series, span: Span) -> list[list[Step]]:
    stretches: list[list[Step]] = []
    last: date | None = None
    for point in found.points:
        if point.mixture is None or not sum(point.mixture):
            continue
        day = date.fromisoformat(point.at[:10])
        if last is None or (day - last).days > GAP[found.grain]:
            stretches.append([])
        total = sum(point.mixture)
        stretches[-1].append((_x(point.at, span), [share / total for share in point.mixture]))
        last = day
    return stretches


def _areas(stretch: Sequence[Step]) -> Iterator[Area]:
    if len(stretch) == 1:  # a day on its own is as wide as a stroke
        x, shares = stretch[0]
        stretch = [(x - 1.5, shares), (x + 1.5, shares)]
    below = [0.0] * len(stretch)
    for which, emotion in enumerate(EMOTIONS):
        above = [low + shares[which] for low, (_at, shares) in zip(below, stretch, strict=True)]
        there = [f"{x:.1f},{_share(low):.1f}" for low, (x, _shares) in zip(below, stretch, strict=True)]
        back = [f"{x:.1f},{_share(high):.1f}" for high, (x, _shares) in zip(above, stretch, strict=True)]
        yield Area(emotion, " ".join([*there, *reversed(back)]))
        below = above


def _lines(found: Series, xs: Sequence[float]) -> Iterator[str]:
    """The mean of seven days as polylines, broken where a week or more is missing."""
    known = [
        (date.fromisoformat(point.at[:10]), f"{x:.1f},{_y(mean):.1f}")
        for point, x, mean in zip(found.points, xs, found.smooth, strict=False)
        if mean is not None
    ]
    line = [text for _day, text in known[:1]]
    for (before, _there), (day, text) in pairwise(known):
        if (day - before).days > 7:
            yield " ".join(line)
            line = []
        line.append(text)
    if line:
        yield " ".join(line)


def _x(at: str, span: Span) -> float:
    # By the hour the last day takes room too.
    length = max((span.end - span.start).days + (span.grain() is Grain.HOUR), 1)
    days = (date.fromisoformat(at[:10]) - span.start).days + (int(at[11:13]) / 24 if len(at) > 10 else 0)
    return round(LEFT + (WIDTH - LEFT - RIGHT) * min(max(days / length, 0), 1), 1)


def _y(value: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value) / 2, 1)


def _share(value: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value)


def _ticks(span: Span) -> list[Tick]:
    length = (span.end - span.start).days
    days = sorted({round(length * number / TICKS) for number in range(TICKS + 1)})
    return [Tick(_x(str(span.start + timedelta(days=day)), span), span.start + timedelta(days=day)) for day in days]


@dataclass(frozen=True)
class Square:
    x: float
    y: float
    shade: int  # of SHADES, from unpleasant to pleasant
    opacity: float = 1.0


@dataclass(frozen=True)
class Row:
    label: str
    y: float


@dataclass(frozen=True)
class Column:
    label: str
    x: float


@dataclass(frozen=True)
class Mosaic:
    """Squares in rows: years of days, or weekdays of hours."""

    squares: list[Square]
    rows: list[Row]
    size: float
    height: float
    width: int = WIDTH
    left: int = LEFT
    columns: list[Column] = field(default_factory=list)
    shades: list[tuple[str, str]] = field(default_factory=lambda: shades())


def years(days: Sequence[tuple[str, float, bool]]) -> Mosaic:
    """One square a day, a block a year, the newest first; weeks run to the right and begin on Monday."""
    size, names = (WIDTH - LEFT - RIGHT) / 54, sorted({day[:4] for day, _value, _said in days}, reverse=True)
    tops = {year: number * size * 8.5 for number, year in enumerate(names)}
    squares = []
    for text, value, _said in days:
        day = date.fromisoformat(text)
        before = date(day.year, 1, 1).weekday()
        week = (day.timetuple().tm_yday - 1 + before) // 7
        squares.append(
            Square(round(LEFT + week * size, 1), round(tops[text[:4]] + day.weekday() * size, 1), shade(value))
        )
    rows = [Row(year, round(top + size * 4, 1)) for year, top in tops.items()]
    return Mosaic(squares, rows, round(size * 0.9, 1), max(1, len(names)) * size * 8.5)


def reach(cells: Sequence[Cell]) -> float:
    """How far the colours of ``when`` go to both sides: over the whole scale, hours would hardly differ."""
    furthest = max((abs(cell.valence) for cell in cells), default=0.0)
    return min(1.0, max(NEAREST, ceil(furthest * 10) / 10))


def when(cells: Sequence[Cell], weekdays: Sequence[str]) -> Mosaic:
    """Weekday by hour; the fainter a square, the less there is to go by."""
    ends = reach(cells)
    size, most = (WIDTH - LEFT - RIGHT) / 24, max((cell.count for cell in cells), default=1)
    squares = [
        Square(
            round(LEFT + cell.hour * size, 1),
            round(cell.weekday * size, 1),
            shade(cell.valence / ends),
            round(FAINTEST + (1 - FAINTEST) * (cell.count / most) ** 0.5, 2),
        )
        for cell in cells
    ]
    rows = [Row(name, round(size * (number + 0.65), 1)) for number, name in enumerate(weekdays)]
    hours = [Column(str(hour), round(LEFT + (hour + 0.46) * size, 1)) for hour in range(0, 24, 3)]
    return Mosaic(squares, rows, round(size * 0.92, 1), size * 7 + FOOT, columns=hours)


def shade(value: float) -> int:
    """Which of ``SHADES`` a value from -1 to 1 gets."""
    return round((max(-1.0, min(value, 1.0)) + 1) / 2 * (SHADES - 1))


# As tokens.css has them, by day and by night: --sadness, --between, --happiness.
_BY_DAY: Final = ((0x20, 0x48, 0x6F), (0x8F, 0xA6, 0xAB), (0xE3, 0xAB, 0x2A))
_BY_NIGHT: Final = ((0x52, 0x7B, 0xCE), (0x8F, 0xA6, 0xAB), (0xF0, 0xA7, 0x1F))
_Ends = tuple[tuple[int, int, int], ...]


def shades() -> list[tuple[str, str]]:
    """The colour of each shade, by day and by night."""
    values = [2 * number / (SHADES - 1) - 1 for number in range(SHADES)]
    return [(_mixed(value, _BY_DAY), _mixed(value, _BY_NIGHT)) for value in values]


def _mixed(value: float, colours: _Ends) -> str:
    low, middle, high = colours
    ends, part = ((middle, high), value) if value >= 0 else ((middle, low), -value)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in zip(*ends, strict=True))
