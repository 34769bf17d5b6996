"""A person's past as series that charts draw: one or two queries each, however long the past is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from statistics import fmean, stdev
from typing import Any, Final
from zoneinfo import ZoneInfo

from inference.emotions import EMOTIONS
from journal.accounts.models import User
from journal.moods.models import CheckIn, DailyMood
from journal.moods.valence import of_mixture, of_named
from journal.readings.models import Reading

HOURS_UP_TO: Final = timedelta(days=14)
DAYS_UP_TO: Final = timedelta(days=2 * 366)
# The usual band: the middle of the days before, enough to be steady and few enough to follow the seasons.
USUAL_DAYS: Final = 84
USUAL_AT_LEAST: Final = 14
SMOOTH_DAYS: Final = 7
SMOOTH_AT_LEAST: Final = 3


class Grain(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Span:
    """Days from ``start`` to ``end``, both within."""

    start: date
    end: date

    def grain(self) -> Grain:
        """As fine as a chart of this length can show."""
        length = self.end - self.start
        if length < HOURS_UP_TO:
            return Grain.HOUR
        return Grain.DAY if length <= DAYS_UP_TO else Grain.WEEK


@dataclass(frozen=True)
class Point:
    """One step of a series. ``mixture`` in the order of the eight; None where nothing was read or said."""

    at: str  # ISO: a day (of a week or month its first), or a local hour
    mixture: tuple[float, ...] | None
    valence: float | None
    said: bool  # whether the valence is in the person's own words


@dataclass(frozen=True)
class Series:
    """What the charts over time draw; ``smooth`` runs along the points, ``usual`` is (low, high) or None."""

    grain: Grain
    points: list[Point]
    smooth: list[float | None]
    usual: tuple[float, float] | None


def series(user: User, span: Span, grain: Grain | None = None) -> Series:
    """The mixture and the valence over a span; steps that hold nothing are left out."""
    grain = grain or span.grain()
    if grain is Grain.HOUR:
        points = _hours(user, span)
        return Series(grain, points, [], usual(user, span.end))
    days = _days(user, span)
    points = days if grain is Grain.DAY else _merged(days, grain)
    return Series(grain, points, _smooth(points) if grain is Grain.DAY else [], usual(user, span.end))


def usual(user: User, until: date) -> tuple[float, float] | None:
    """The band of a person's usual days: mean and one standard deviation around it; None while days are few."""
    rows = DailyMood.objects.filter(user=user, local_date__lte=until).exclude(valence=None)
    newest = rows.order_by("-local_date").values_list("valence", flat=True)[:USUAL_DAYS]
    values = [value for value in newest if value is not None]
    if len(values) < USUAL_AT_LEAST:
        return None
    middle, width = fmean(values), stdev(values)
    return max(-1.0, middle - width), min(1.0, middle + width)


def calendar(user: User) -> list[tuple[str, float, bool]]:
    """Every day that has a valence, and whether it was said."""
    rows = DailyMood.objects.filter(user=user).exclude(valence=None).order_by("local_date")
    said = DailyMood.Source.SAID
    return [(day.isoformat(), value, source == said) for day, value, source in rows.values_list(*_VALENCE)]


_VALENCE = ("local_date", "valence", "source")


def _days(user: User, span: Span) -> list[Point]:
    rows = DailyMood.objects.filter(user=user, local_date__range=(span.start, span.end)).order_by("local_date")
    return [_point(row) for row in rows.values_list(*_VALENCE, *EMOTIONS)]


def _point(row: tuple[Any, ...]) -> Point:
    day, value, source, *mixture = row
    return Point(
        day.isoformat(), tuple(mixture) if mixture[0] is not None else None, value, source == DailyMood.Source.SAID
    )


def _merged(days: Sequence[Point], grain: Grain) -> list[Point]:
    """Days -> weeks or months: the mean of what each holds."""
    return [_mean(first, list(of_step)) for first, of_step in groupby(days, key=lambda point: _step(point.at, grain))]


def _step(day: str, grain: Grain) -> str:
    if grain is Grain.MONTH:
        return f"{day[:7]}-01"
    moment = date.fromisoformat(day)
    return (moment - timedelta(days=moment.weekday())).isoformat()


def _mean(at: str, points: Sequence[Point]) -> Point:
    mixtures = [point.mixture for point in points if point.mixture is not None]
    values = [point.valence for point in points if point.valence is not None]
    mixture = tuple(fmean(column) for column in zip(*mixtures, strict=True)) if mixtures else None
    said = sum(point.said for point in points) * 2 > len(values)
    return Point(at, mixture, fmean(values) if values else None, said)


@dataclass(frozen=True)
class Moment:
    """One reading or check-in at its local time; a reading that was contradicted counts as the person said."""

    local: datetime
    mixture: tuple[float, ...] | None
    valence: float | None
    said: bool


def moments(user: User, span: Span) -> list[Moment]:
    """Everything that carries a valence, one by one, in two queries."""
    days = (span.start, span.end)
    readings = Reading.objects.filter(
        snapshot__user=user, role=Reading.Role.CHAMPION, snapshot__local_date__range=days
    ).values_list(
        "snapshot__taken_at", "snapshot__zone", "check_in__felt_right", "check_in__emotions", *EMOTIONS
    )  # fmt: skip
    said = CheckIn.objects.filter(user=user, deleted_at=None, local_date__range=days).exclude(valence=None)
    found = [_seen(*row) for row in readings]
    found += [
        Moment(_local(at, zone), None, value, True) for at, zone, value in said.values_list("at", "zone", "valence")
    ]
    return [moment for moment in found if moment.valence is not None]


def _seen(at: datetime, zone: str, felt_right: bool | None, emotions: list[str] | None, *mixture: float) -> Moment:
    if felt_right is False:
        return Moment(_local(at, zone), None, of_named(emotions or ()), True)
    return Moment(_local(at, zone), mixture, of_mixture(dict(zip(EMOTIONS, mixture, strict=True))), False)


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _hours(user: User, span: Span) -> list[Point]:
    found = sorted(moments(user, span), key=lambda moment: moment.local)
    return [Point(m.local.isoformat(timespec="minutes"), m.mixture, m.valence, m.said) for m in found]


def _smooth(points: Sequence[Point]) -> list[float | None]:
    """The mean of the last seven calendar days at each point; None where too few of them were observed."""
    known = [(date.fromisoformat(point.at), point.valence) for point in points]
    return [_mean_of_week(known, number) for number in range(len(known))]


def _mean_of_week(known: Sequence[tuple[date, float | None]], number: int) -> float | None:
    today = known[number][0]
    week: Iterable[tuple[date, float | None]] = known[max(0, number - SMOOTH_DAYS + 1) : number + 1]
    values = [value for day, value in week if value is not None and (today - day).days < SMOOTH_DAYS]
    return fmean(values) if len(values) >= SMOOTH_AT_LEAST else None
