"""Does a version still read as it did? Each week's readings beside those of the weeks before."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from inference.emotions import EMOTIONS
from journal.moods.models import CheckIn
from journal.oversight.people import Counting
from journal.readings.models import Reading
from journal.snapshots.models import Snapshot

WEEKS: Final = 12
# Edges of the five bins in which intensities are counted.
EDGES: Final = (0.0, 0.05, 0.15, 0.3, 0.6, math.inf)
# The population stability index by its usual reading: below 0.1 nothing moved, from 0.25 on something did.
MOVED: Final = 0.25
FEWEST_READINGS: Final = 50
FEWEST_ASKED: Final = 30
# A rate has moved when chance hardly explains it and somebody would notice it.
SIGMAS: Final = 3.0
NOTICEABLE: Final = 0.05
Key = tuple[date, int]  # the week's Monday, the version


@dataclass
class Tally:
    """What is counted of one version in one week, or in several together."""

    looked: int = 0
    no_face: int = 0
    read: int = 0
    unclear: int = 0
    answered: int = 0
    corrected: int = 0

    def __post_init__(self) -> None:
        self.sums = dict.fromkeys(EMOTIONS, 0.0)
        self.bins = {emotion: [0] * (len(EDGES) - 1) for emotion in EMOTIONS}

    def add(self, other: Tally) -> None:
        for name in ("looked", "no_face", "read", "unclear", "answered", "corrected"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for emotion in EMOTIONS:
            self.sums[emotion] += other.sums[emotion]
            self.bins[emotion] = [a + b for a, b in zip(self.bins[emotion], other.bins[emotion], strict=True)]

    @property
    def rates(self) -> dict[str, tuple[int, int]]:
        """Each rate as (how many, of how many)."""
        return {
            "no_face": (self.no_face, self.looked),
            "no_clear_reading": (self.unclear, self.read),
            "corrected": (self.corrected, self.answered),
        }


@dataclass(frozen=True)
class Week:
    """One version in one week. ``means`` by emotion, ``spread`` by emotion as five shares."""

    week: date
    version: int
    people: int
    left_out: int
    tally: Tally

    @property
    def means(self) -> dict[str, float]:
        return {emotion: total / max(self.tally.read, 1) for emotion, total in self.tally.sums.items()}


@dataclass(frozen=True)
class Alarm:
    """Something moved in a version's latest week: an emotion (with its index) or a rate (from, to)."""

    version: int
    week: date
    what: str
    index: float | None = None
    before: float | None = None
    now: float | None = None


def weeks(counting: Counting, now: datetime | None = None) -> list[Week]:
    """The last twelve weeks, the newest first, each version apart. Weeks of nobody who may be counted are left out."""
    since = (now or timezone.now()) - timedelta(weeks=WEEKS)
    found: defaultdict[Key, defaultdict[int, Tally]] = defaultdict(lambda: defaultdict(Tally))
    _count_snapshots(found, since)
    _count_readings(found, since)
    _count_answers(found, since)
    shown = [_week(key, by_person, counting) for key, by_person in found.items()]
    return sorted((week for week in shown if week.people), key=lambda week: (week.week, week.version), reverse=True)


def alarms(found: Sequence[Week]) -> list[Alarm]:
    """What moved in each version's latest week against its own weeks before."""
    raised: list[Alarm] = []
    for version in {week.version for week in found}:
        latest, *before = [week for week in found if week.version == version]
        usual = Tally()
        for week in before:
            usual.add(week.tally)
        raised += _moved_emotions(latest, usual)
        raised += _moved_rates(latest, usual)
    return raised


def stability_index(before: Sequence[int], now: Sequence[int]) -> float:
    """The population stability index of two histograms; half a count in each bin keeps empty ones finite."""
    total = 0.0
    for old, new in zip(before, now, strict=True):
        was = (old + 0.5) / (sum(before) + len(before) / 2)
        share = (new + 0.5) / (sum(now) + len(now) / 2)
        total += (share - was) * math.log(share / was)
    return total


def _moved_emotions(latest: Week, usual: Tally) -> Iterable[Alarm]:
    if min(latest.tally.read, usual.read) < FEWEST_READINGS:
        return
    for emotion in EMOTIONS:
        index = stability_index(usual.bins[emotion], latest.tally.bins[emotion])
        if index >= MOVED:
            yield Alarm(latest.version, latest.week, emotion, index=index)


def _moved_rates(latest: Week, usual: Tally) -> Iterable[Alarm]:
    for name, (count, of) in latest.tally.rates.items():
        count_before, of_before = usual.rates[name]
        if min(of, of_before) < FEWEST_ASKED:
            continue
        now, before = count / of, count_before / of_before
        pooled = (count + count_before) / (of + of_before)
        error = math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_before))
        if abs(now - before) >= max(NOTICEABLE, SIGMAS * error):
            yield Alarm(latest.version, latest.week, name, before=before, now=now)


def _week(key: Key, by_person: Mapping[int, Tally], counting: Counting) -> Week:
    counted = counting.among(by_person)
    tally = Tally()
    for person in counted:
        tally.add(by_person[person])
    return Week(*key, len(counted), counting.left_out(by_person), tally)


Found = defaultdict[Key, defaultdict[int, Tally]]


def _count_snapshots(found: Found, since: datetime) -> None:
    rows = Snapshot.objects.filter(taken_at__gte=since).exclude(version=None)
    no_face = Count("id", filter=Q(status=Snapshot.Status.NO_FACE))
    for week, version, person, looked, missed in _grouped(rows, "", "version", looked=Count("id"), missed=no_face):
        tally = found[week, version][person]
        tally.looked, tally.no_face = looked, missed


def _count_readings(found: Found, since: datetime) -> None:
    rows = Reading.objects.filter(snapshot__taken_at__gte=since, role=Reading.Role.CHAMPION)
    unclear = Count("id", filter=Q(snapshot__outcome="no_clear_reading"))
    measures = {f"mean_{emotion}": Avg(emotion) for emotion in EMOTIONS} | {
        f"{emotion}_{number}": Count("id", filter=_within(emotion, number))
        for emotion in EMOTIONS
        for number in range(len(EDGES) - 1)
    }
    for week, version, person, read, nothing, *rest in _grouped(
        rows, "snapshot__", "version", read=Count("id"), nothing=unclear, **measures
    ):
        tally = found[week, version][person]
        tally.read, tally.unclear = read, nothing
        means, counts = rest[: len(EMOTIONS)], iter(rest[len(EMOTIONS) :])
        tally.sums = {emotion: mean * read for emotion, mean in zip(EMOTIONS, means, strict=True)}
        tally.bins = {emotion: [next(counts) for _ in EDGES[1:]] for emotion in EMOTIONS}


def _count_answers(found: Found, since: datetime) -> None:
    rows = CheckIn.objects.filter(reading__snapshot__taken_at__gte=since, deleted_at=None).exclude(felt_right=None)
    wrong = Count("id", filter=Q(felt_right=False))
    for week, version, person, answered, corrected in _grouped(
        rows, "reading__snapshot__", "reading__version", answered=Count("id"), corrected=wrong
    ):
        tally = found[week, version][person]
        tally.answered, tally.corrected = answered, corrected


def _grouped(rows: QuerySet[Any], to_snapshot: str, version: str, **measures: Any) -> Iterable[tuple[Any, ...]]:
    """Week, version, person, and each measure of theirs; in one query."""
    places = ("week", version, f"{to_snapshot}user")
    weekly = rows.order_by().annotate(week=TruncWeek(f"{to_snapshot}taken_at")).values(*places)
    for week, *rest in weekly.annotate(**measures).values_list(*places, *measures):
        yield week.date(), *rest


def _within(emotion: str, number: int) -> Q:
    low, high = EDGES[number], EDGES[number + 1]
    above = Q(**{f"{emotion}__gte": low})
    return above if high == math.inf else above & Q(**{f"{emotion}__lt": high})
