"""A person's rows -> the days that the chart reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from statistics import fmean
from typing import Any

from django.db.models import QuerySet

from inference.emotions import EMOTIONS
from journal.accounts.models import User
from journal.downswings.chart import Chart, Point
from journal.downswings.models import Sensitivity, Watch
from journal.downswings.offsets import PAIRS_BEFORE_SHIFT, Day
from journal.moods.models import DailyMood
from journal.moods.valence import of_mixture
from journal.readings.models import Reading

COLUMNS = ("local_date", "said", "camera", "version_id")


def points_of(user: User, watch: Watch, today: date) -> list[Point]:
    """The chart over all days before ``today`` since the baseline began: a morning is no day."""
    days = days_of(user, watch.since, today)
    chart = Chart(width=Sensitivity(watch.sensitivity).width, shadow=shadow_of(user, days))
    return [chart.feed(day) for day in days]


def days_of(user: User, since: date | None, today: date) -> list[Day]:
    rows = with_value(DailyMood.objects.filter(user=user, local_date__lt=today))
    if since:
        rows = rows.filter(local_date__gte=since)
    return [day(*row) for row in rows.order_by("local_date").values_list(*COLUMNS)]


def with_value(rows: QuerySet[DailyMood]) -> QuerySet[DailyMood]:
    """Days on which something pleasant or unpleasant was said or seen; a day of tags alone tells the chart nothing."""
    return rows.exclude(valence=None)


def day(when: date, said: float | None, seen: float | None, version: int | None) -> Day:
    """The version is that of the day's last reading; without a value of the camera's it says nothing."""
    return Day(when, said, seen, "" if seen is None else str(version))


def shadow_of(user: User, days: Sequence[Day]) -> dict[str, float]:
    """For each later model version, how much lower it reads this person than the version before it.

    From pictures that both had read before the switch; where there are fewer than ten, nothing is assumed.
    """
    switches = [
        (before.version, after.version, after.date)
        for before, after in pairwise(day for day in days if day.version)
        if before.version != after.version
    ]
    if not switches:
        return {}
    seen = _side_by_side(user)
    found: dict[str, float] = {}
    for before, after, when in switches:
        pairs = [(both[before], both[after]) for at, both in seen if at < when and {before, after} <= both.keys()]
        if len(pairs) >= PAIRS_BEFORE_SHIFT and after not in found:
            found[after] = fmean(old - new for old, new in pairs)
    return found


def _side_by_side(user: User) -> list[tuple[date, dict[str, float]]]:
    """Each picture that more than one version read: its day, and the valence by version."""
    shadows = Reading.objects.filter(snapshot__user=user, role=Reading.Role.SHADOW).values("snapshot_id")
    rows = Reading.objects.filter(snapshot_id__in=shadows).values_list(
        "snapshot_id", "snapshot__local_date", "version_id", *EMOTIONS
    )
    return list(_by_picture(rows).values())


def _by_picture(rows: Iterable[tuple[Any, ...]]) -> dict[Any, tuple[date, dict[str, float]]]:
    found: defaultdict[Any, tuple[date, dict[str, float]]] = defaultdict(lambda: (date.min, {}))
    for picture, when, version, *mixture in rows:
        value = of_mixture(dict(zip(EMOTIONS, mixture, strict=True)))
        if value is not None:
            found[picture] = (when, found[picture][1] | {str(version): value})
    return found
