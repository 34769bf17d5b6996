"""At each person's day end: who opened, closed or went on with a low stretch? Thousands of people at a time.

A chunk of people is read in a few queries and charted at once (``many``), a column each. Only those whose newest state
matters are then looked at one by one, under their lock, by ``watch.follow``, which alone writes. Earlier days need no
second look here: whatever changes them is followed at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final

import numpy as np
from django.db.models import Q
from django.utils import timezone
from numpy.typing import NDArray

from journal.accounts.models import User
from journal.downswings.days import with_value
from journal.downswings.many import Floats, Lives, charts
from journal.downswings.models import Downswing, Sensitivity, Watch
from journal.downswings.watch import follow
from journal.moods.models import DailyMood
from journal.readings.models import Reading
from journal.snapshots.days import local_date

CHUNK: Final = 500

Row = tuple[int, date, float | None, float | None, int | None]
Ints = NDArray[np.int_]
Place = tuple[Ints, Ints]


@dataclass(frozen=True)
class Due:
    """Somebody whose day ended: ``through`` is the newest day that is over."""

    user: int
    since: date | None
    sensitivity: str
    through: date


def sweep(now: datetime | None = None) -> int:
    """Look at everybody whose day ended since they were last looked at; return how many that were."""
    seen = 0
    people = due(now or timezone.now())
    while chunk := list(islice(people, CHUNK)):
        for pk in sorted(changed(chunk)):
            user = User.objects.select_related("profile").filter(pk=pk).first()
            if user:  # or they left since the round began
                follow(user)
        for through in {one.through for one in chunk}:
            Watch.objects.filter(user__in=[one.user for one in chunk if one.through == through]).update(swept=through)
        seen += len(chunk)
    return seen


def due(now: datetime) -> Iterator[Due]:
    """Everybody who is watched and has a finished day that wasn't looked at."""
    finished: dict[tuple[str, time], date] = {}
    # No zone is further ahead than 14 hours, so nobody's newest finished day is later than today's date in UTC.
    rows = Watch.objects.filter(Q(swept=None) | Q(swept__lt=now.date()), on=True).values_list(
        "user", "since", "sensitivity", "swept", "user__profile__zone", "user__profile__day_start"
    )
    for user, since, sensitivity, swept, zone, start in list(rows.order_by("user")):
        if (zone, start) not in finished:
            finished[zone, start] = local_date(now, zone, start) - timedelta(days=1)
        through = finished[zone, start]
        if swept is None or swept < through:
            yield Due(user, since, sensitivity, through)


def changed(people: list[Due]) -> set[int]:
    """Those whose rows may have to change: low at the end of their days, or with a stretch that is kept as open."""
    ids = [one.user for one in people]
    lows = set(Downswing.objects.filter(user__in=ids, end=None, stands=True).values_list("user", flat=True))
    lows |= set(  # what two models saw side by side is for a chart of their own, too
        Reading.objects.filter(snapshot__user__in=ids, role=Reading.Role.SHADOW)
        .values_list("snapshot__user", flat=True)
        .distinct()
    )
    for sensitivity in {one.sensitivity for one in people}:
        alike = [one for one in people if one.sensitivity == sensitivity]
        lows |= low_at_the_end(alike, Sensitivity(sensitivity).width)
    return lows


def low_at_the_end(people: list[Due], width: float) -> set[int]:
    """Those whose chart is low after their newest day, and those who need a chart of their own to tell."""
    table = read(people)
    if table is None:
        return set()
    low = charts(table.lives, width=width).low[-1]
    return {one.user for column, one in enumerate(people) if low[column] or column in table.unclear}


@dataclass(frozen=True)
class Table:
    """Days x people; ``unclear`` are columns that need a chart of their own: two switches of the model, or more."""

    lives: Lives
    unclear: frozenset[int]


def read(people: list[Due]) -> Table | None:
    """Everybody's finished days since their baseline began, in two queries; None where there are none."""
    rows = with_value(DailyMood.objects.filter(user__in=[one.user for one in people]))
    columns = rows.values_list("user_id", "local_date", "said", "camera", "version_id")
    return arrange(people, columns.iterator(chunk_size=10_000))


def arrange(people: list[Due], rows: Iterable[Row]) -> Table | None:
    """Rows in any order -> days x people."""
    found = list(rows)
    if not found:
        return None
    users, dates, *values = zip(*found, strict=True)
    column = {one.user: number for number, one in enumerate(people)}
    who = np.array([column[user] for user in users])
    day = np.array([when.toordinal() for when in dates])
    counts = _counts(people, who, day)
    who, day = who[counts], day[counts]
    if not len(day):
        return None
    first = day.min()
    shape = (int(day.max() - first) + 1, len(people))
    said, seen, version = (_spread(np.array(one, dtype=float)[counts], (day - first, who), shape) for one in values)
    switch, unclear = _switches(np.where(np.isnan(seen), np.nan, version))
    return Table(Lives(said, seen, switch), unclear)


def _counts(people: list[Due], who: Ints, day: Ints) -> NDArray[np.bool_]:
    """Which rows belong to days that are over and not before their person's baseline."""
    through = np.array([one.through.toordinal() for one in people])
    since = np.array([one.since.toordinal() if one.since else 0 for one in people])
    return np.asarray((day <= through[who]) & (day >= since[who]))


def _spread(values: Floats, place: Place, shape: tuple[int, int]) -> Floats:
    table = np.full(shape, np.nan)
    table[place] = values
    return table


def _switches(version: Floats) -> tuple[NDArray[np.int64], frozenset[int]]:
    """For each column the day on which another model reads; and the columns in which that happens more than once."""
    never = np.iinfo(np.int64).max
    latest, switch = np.full(version.shape[1], np.nan), np.full(version.shape[1], never)
    unclear: set[int] = set()
    for day, here in enumerate(version):
        other = ~np.isnan(here) & ~np.isnan(latest) & (here != latest)
        unclear |= set(np.flatnonzero(other & (switch < never)).tolist())
        switch[other & (switch == never)] = day
        latest = np.where(np.isnan(here), latest, here)
    return switch, frozenset(unclear)
