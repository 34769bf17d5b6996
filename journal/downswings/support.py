"""What may help on a low day: the person's own better days, and what they noted on them."""

from __future__ import annotations

import math
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

from journal.accounts.models import User
from journal.accounts.seal import Opener
from journal.downswings.chart import Point
from journal.moods import tags
from journal.moods.checkin import note_of
from journal.moods.models import CheckIn
from journal.moods.tags import NamedTag

LOOK_BACK: Final = timedelta(days=120)  # before the low stretch
FEWEST_TIMES: Final = 3  # a tag that was there less often says nothing
CLEAR: Final = 1.64  # standard errors: by chance one tag in twenty leads so far
MOST_TAGS: Final = 5
MOST_NOTES: Final = 3


@dataclass(frozen=True)
class Held:
    """A tag, and on how many better and other days it was there."""

    tag: NamedTag
    better: int
    others: int


@dataclass(frozen=True)
class Noted:
    day: date
    text: str


@dataclass(frozen=True)
class BetterDays:
    """``better`` and ``others`` count days; tags by how much more often they were there, notes of the best days."""

    better: int
    others: int
    tags: list[Held]
    notes: list[Noted]


def better_days(user: User, points: Sequence[Point], before: date) -> BetterDays:
    """The days above the person's middle in the four months before a day, and what they hold. Few queries.

    It counts what was there, and doesn't say what causes what.
    """
    days = {p.date: p.value for p in points if before - LOOK_BACK <= p.date < before}
    middle = median(days.values()) if days else 0.0
    better = sorted((day for day, value in days.items() if value > middle), key=lambda day: -days[day])
    others = len(days) - len(better)
    held = _held(user, set(better), set(days))
    return BetterDays(len(better), others, _lifting(held, len(better), others), _notes(user, better))


def _held(user: User, better: set[date], days: set[date]) -> list[Held]:
    """How often each tag was there."""
    links = CheckIn.tags.through.objects.filter(
        checkin__user=user, checkin__deleted_at=None, checkin__local_date__in=days
    ).values_list("tag_id", "checkin__local_date")
    found: defaultdict[uuid.UUID, set[date]] = defaultdict(set)
    for tag, day in links:
        found[tag].add(day)
    if not found:
        return []
    named = {tag.id: tag for tag in tags.all_tags(user)}
    counts: Mapping[uuid.UUID, Counter[bool]] = {t: Counter(day in better for day in own) for t, own in found.items()}
    return [Held(named[tag], count[True], count[False]) for tag, count in counts.items()]


def _lifting(held: Sequence[Held], better: int, others: int) -> list[Held]:
    """Those that were there more often on better days than chance would easily have it, the clearest first."""

    def lead(one: Held) -> float:
        return one.better / max(better, 1) - one.others / max(others, 1)

    def by_chance(one: Held) -> float:
        """Standard error of the lead of a tag that does nothing."""
        share = (one.better + one.others) / max(better + others, 1)
        return math.sqrt(share * (1 - share) * (1 / max(better, 1) + 1 / max(others, 1)))

    shown = [one for one in held if one.better >= FEWEST_TIMES and lead(one) > CLEAR * by_chance(one)]
    return sorted(shown, key=lead, reverse=True)[:MOST_TAGS]


def _notes(user: User, best: Sequence[date]) -> list[Noted]:
    """What was written on the best days that have a note."""
    rows = CheckIn.objects.filter(user=user, deleted_at=None, local_date__in=best).exclude(sealed_note=None)
    by_day = {row.local_date: row for row in rows.order_by("at").select_related("user")}
    opener = Opener(user)
    found: dict[str, date] = {}  # the same words twice are shown once
    for day in best:
        if day in by_day and len(found) < MOST_NOTES:
            found.setdefault(note_of(by_day[day], opener), day)
    return [Noted(day, text) for text, day in found.items()]
