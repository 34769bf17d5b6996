"""Two versions on the same snapshots: how far they agree, and with which of them people side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles
from typing import Any, Final

from django.db.models import Count, QuerySet

from inference.emotions import EMOTIONS
from journal.moods.models import CheckIn
from journal.oversight.people import Counting
from journal.readings.models import Reading, TrialReading
from journal.registry.models import ModelVersion

MOST: Final = 5000  # of the newest snapshots
COLUMNS: Final = ("snapshot_id", "snapshot__user_id", "present", "milliseconds", *EMOTIONS)


@dataclass(frozen=True)
class Seen:
    """One reading, as far as it is compared."""

    user: int
    present: frozenset[str]
    milliseconds: float | None
    intensities: tuple[float, ...]

    @property
    def strongest(self) -> str:
        return EMOTIONS[max(range(len(EMOTIONS)), key=self.intensities.__getitem__)]


@dataclass(frozen=True)
class Shift:
    """How one emotion moves from the first version to the second: means, their difference, how often each names it."""

    emotion: str
    first: float
    second: float
    difference: float
    named_first: float
    named_second: float


@dataclass(frozen=True)
class Sides:
    """Of the readings that people corrected: whose strongest emotion is among those they named instead."""

    corrected: int
    both: int
    only_first: int
    only_second: int
    neither: int


@dataclass(frozen=True)
class Speed:
    median: float
    slowest: float  # of twenty


@dataclass(frozen=True)
class Agreement:
    """Numbers about ``snapshots`` of ``people``; ``left_out`` more people are too few to be counted."""

    people: int
    left_out: int
    snapshots: int
    same_strongest: float
    same_named: float
    unclear_first: float
    unclear_second: float
    shifts: Sequence[Shift]
    sides: Sides
    speed_first: Speed | None
    speed_second: Speed | None


def agreement(first: ModelVersion, second: ModelVersion, counting: Counting) -> Agreement | None:
    """Compare on the newest snapshots that both have read; None where nobody may be counted."""
    ones, others = _both(first, second)
    both = {key: (ones[key], others[key]) for key in ones.keys() & others.keys()}  # one may just have gone
    people = {one.user for one, _ in both.values()}
    counted = counting.among(people)
    pairs = {key: pair for key, pair in both.items() if pair[0].user in counted}
    if not pairs:
        return None
    left, right = ([pair[side] for pair in pairs.values()] for side in (0, 1))
    return Agreement(
        people=len(counted),
        left_out=counting.left_out(people),
        snapshots=len(pairs),
        same_strongest=fmean(one.strongest == other.strongest for one, other in pairs.values()),
        same_named=fmean(one.present == other.present for one, other in pairs.values()),
        unclear_first=fmean(not one.present for one in left),
        unclear_second=fmean(not other.present for other in right),
        shifts=[_shift(number, left, right) for number in range(len(EMOTIONS))],
        sides=_sides(pairs, first, second),
        speed_first=_speed(left),
        speed_second=_speed(right),
    )


def trials(version: ModelVersion, counting: Counting) -> dict[str, int]:
    """How the trials of a version ended, in counts by status, of those who may be counted; and ``left_out`` people."""
    rows = TrialReading.objects.filter(version=version).order_by().values_list("status", "snapshot__user_id")
    ended, left_out = counting.totals(rows.annotate(count=Count("id")))
    return {status: ended[status] for status in TrialReading.Status.values} | {"left_out": left_out}


def _both(first: ModelVersion, second: ModelVersion) -> tuple[dict[Any, Seen], dict[Any, Seen]]:
    """What each saw in the newest snapshots that both have read: where one of them only read along.

    A snapshot has one champion, so that among all that a site was read there are no others to look for.
    """
    shared: list[tuple[int, Any]] = []
    for one, other in ((first, second), (second, first)):
        along = Reading.objects.filter(version=one, role=Reading.Role.SHADOW).values("snapshot")
        read = Reading.objects.filter(version=other, snapshot__in=along).order_by("-id")
        shared += read.values_list("id", "snapshot_id")[:MOST]
    newest = [snapshot for _id, snapshot in sorted(shared, reverse=True)[:MOST]]
    ones, others = (_seen(Reading.objects.filter(version=which, snapshot__in=newest)) for which in (first, second))
    return ones, others


def _seen(readings: QuerySet[Reading]) -> dict[Any, Seen]:
    rows = readings.values_list(*COLUMNS)
    return {key: Seen(user, frozenset(present), time, tuple(rest)) for key, user, present, time, *rest in rows}


def _shift(number: int, left: Sequence[Seen], right: Sequence[Seen]) -> Shift:
    emotion = EMOTIONS[number]
    first, second = (fmean(seen.intensities[number] for seen in side) for side in (left, right))
    named = [fmean(emotion in seen.present for seen in side) for side in (left, right)]
    return Shift(emotion, first, second, second - first, *named)


def _sides(pairs: dict[Any, tuple[Seen, Seen]], first: ModelVersion, second: ModelVersion) -> Sides:
    answers = CheckIn.objects.filter(reading__version__in=(first, second), felt_right=False, deleted_at=None)
    found = dict(answers.values_list("reading__snapshot_id", "emotions"))
    right = [
        (one.strongest in found[key], other.strongest in found[key])
        for key, (one, other) in pairs.items()
        if found.get(key)
    ]
    return Sides(
        len(right),
        *(right.count(which) for which in ((True, True), (True, False), (False, True), (False, False))),
    )


def _speed(seen: Sequence[Seen]) -> Speed | None:
    times = [one.milliseconds for one in seen if one.milliseconds is not None]
    if len(times) < 2:
        return Speed(times[0], times[0]) if times else None
    return Speed(median(times), quantiles(times, n=20, method="inclusive")[-1])
