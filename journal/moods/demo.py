"""A believable year for somebody who doesn't exist, so that a newcomer sees what a journal becomes."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from inference.emotions import EMOTIONS
from journal.accounts.models import User
from journal.accounts.people import create_person
from journal.moods import tags
from journal.moods.checkin import Entry, keep
from journal.moods.rollup import recompute_all
from journal.moods.vocabulary import QUARTERS
from journal.readings.models import Reading
from journal.registry.champion import champion
from journal.registry.models import ModelVersion
from journal.snapshots.days import local_date
from journal.snapshots.models import Snapshot

NAME: Final = "demo"
# A stretch of three weeks, some months ago unless another day is named, that was heavier than the rest.
DIP_AGO, DIP_LENGTH, DIP_DEPTH = 100, 21, 0.45
NOTES: Final = (
    "Woke before the alarm. Tea on the balcony, **no phone** for an hour.",
    "Long meeting, then a walk home in the rain. It helped.",
    "Called my sister. We laughed about the old boat.",
    "Couldn't settle to anything. Went to bed early.",
    "Made soup. Small things.",
)
# Tag, icon, group, chance of a day, and what it does to the day.
TAGS: Final = (
    ("outside", "tree", "place", 0.35, 0.18),
    ("friends", "people", "people", 0.25, 0.15),
    ("slept badly", "sleep", "body", 0.2, -0.25),
    ("work", "work", "doing", 0.6, -0.04),
    ("reading", "book", "doing", 0.3, 0.02),
)


@dataclass(frozen=True)
class Feeling:
    """How a made-up day feels, before the noise of its hours."""

    level: float
    tags: tuple[str, ...]


@transaction.atomic
def make(days: int = 365, seed: int = 0, password: str | None = None, dip_ago: int = DIP_AGO) -> User:
    """Make the demo person with a year behind them, whose heavier weeks began ``dip_ago`` days ago.

    Raises ``NameTaken`` where there is one already.
    """
    dice = random.Random(seed)  # noqa: S311  (a story, not a secret)
    person = create_person(NAME, password or str(uuid.uuid4()), "Europe/Lisbon", is_demo=True)
    named = {name: tags.make(person, name, icon, group).id for name, icon, group, *_rest in TAGS}
    version, today = champion(), timezone.now().astimezone(ZoneInfo("Europe/Lisbon")).date()
    drift = 0.0
    for ago in range(days, 0, -1):
        drift = 0.8 * drift + dice.gauss(0, 0.08)
        day = today - timedelta(days=ago)
        if dice.random() < 0.12:
            continue  # nobody writes every day
        _live(person, day, _feel(dice, day, dip_ago - ago, drift), version, named, dice)
    recompute_all(person)
    return person


def _feel(dice: random.Random, day: date, into_dip: int, drift: float) -> Feeling:
    weekend = 0.08 if day.weekday() >= 5 else 0.0
    dip = DIP_DEPTH if 0 <= into_dip < DIP_LENGTH else 0.0
    held = tuple(name for name, _icon, _group, chance, _lift in TAGS if dice.random() < chance)
    lift = sum(lift for name, _icon, _group, _chance, lift in TAGS if name in held)
    return Feeling(max(-0.9, min(0.9, 0.15 + weekend - dip + drift + lift)), held)


def _live(
    person: User, day: date, feeling: Feeling, version: ModelVersion, named: dict[str, uuid.UUID], dice: random.Random
) -> None:
    for hour in sorted(dice.sample(range(8, 23), k=dice.randint(1, 4))):
        _look(person, _at(day, hour, dice), feeling.level + dice.gauss(0, 0.2), version, dice)
    if dice.random() < 0.6:
        _say(person, _at(day, 21, dice), feeling, named, dice)


def _at(day: date, hour: int, dice: random.Random) -> datetime:
    local = datetime.combine(day, time(hour, dice.randrange(60)), ZoneInfo("Europe/Lisbon"))
    return local.astimezone(UTC)


def _look(person: User, at: datetime, level: float, version: ModelVersion, dice: random.Random) -> None:
    day = local_date(at, "Europe/Lisbon", person.profile.day_start)
    snapshot = Snapshot.objects.create(
        user=person, client_id=uuid.uuid4(), taken_at=at, zone="Europe/Lisbon", local_date=day,
        status=Snapshot.Status.DONE, outcome="read", faces=1, source=Snapshot.Source.PERIODIC,
    )  # fmt: skip
    shares = _mixture(level, dice)
    present = [emotion for emotion in EMOTIONS if shares[emotion] >= 0.3]
    row = Reading(
        snapshot=snapshot, version=version, **shares, present=present,
        box_left=0.35, box_top=0.25, box_right=0.62, box_bottom=0.7, score=0.99,
    )  # fmt: skip
    Reading.objects.bulk_create([row])  # without the signal: the days are computed once, at the end


def _mixture(level: float, dice: random.Random) -> dict[str, float]:
    light, heavy = max(0.0, level), max(0.0, -level)
    weights = {
        "neutral": 0.9, "happiness": 0.25 + 3 * light, "surprise": 0.08, "sadness": 0.08 + 2.4 * heavy,
        "anger": 0.04 + 0.7 * heavy, "disgust": 0.02, "fear": 0.03 + 0.6 * heavy, "contempt": 0.03,
    }  # fmt: skip
    drawn = {emotion: dice.gammavariate(weights[emotion] * 3, 1) for emotion in EMOTIONS}
    total = sum(drawn.values())
    return {emotion: round(value / total, 4) for emotion, value in drawn.items()}


def _say(person: User, at: datetime, feeling: Feeling, named: dict[str, uuid.UUID], dice: random.Random) -> None:
    valence = max(-1.0, min(1.0, round(feeling.level + dice.gauss(0, 0.12), 2)))
    energy = max(-1.0, min(1.0, round(dice.gauss(0.1, 0.35), 2)))
    quarter = ("bright" if energy > 0 else "calm") if valence > 0 else ("tense" if energy > 0 else "low")
    entry = Entry(
        at=at, zone="Europe/Lisbon", valence=valence, energy=energy,
        words=tuple(dice.sample(QUARTERS[quarter], k=dice.randint(0, 2))),
        tags=frozenset(named[name] for name in feeling.tags),
        note=dice.choice(NOTES) if dice.random() < 0.25 else "",
    )  # fmt: skip
    keep(person, uuid.uuid4(), entry, 0)
