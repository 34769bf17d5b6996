"""A day's check-ins and readings -> its mood. Always from the rows, never by adding to what was there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from statistics import fmean
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal, receiver

from inference.emotions import EMOTIONS
from journal.accounts.consent import hold_still
from journal.accounts.models import User
from journal.moods.models import CheckIn, DailyMood
from journal.moods.valence import WEIGHTS_VERSION, of_mixture, of_named
from journal.readings.models import Reading
from journal.readings.store import readings_stored

Source = DailyMood.Source

# Sent with user and days, inside the transaction that computed them anew: what a receiver changes stands or falls with
# the days.
days_changed = Signal()


@dataclass(frozen=True)
class Seen:
    """One reading of a day, with what the person said about it."""

    mixture: dict[str, float]
    version_id: int
    # None while the person hasn't contradicted; else the emotions that they named instead, perhaps none.
    corrected: tuple[str, ...] | None = None

    @property
    def valence(self) -> float | None:
        if self.corrected is None:
            return of_mixture(self.mixture)
        return of_named(self.corrected)


@dataclass(frozen=True)
class Said:
    """One check-in of a day."""

    valence: float | None
    energy: float | None


@dataclass(frozen=True)
class Mood:
    """What ``DailyMood`` keeps of a day, without the day."""

    valence: float | None
    source: str
    said: float | None
    camera: float | None
    energy: float | None
    check_ins: int
    readings: int
    version_id: int | None
    weights: str = WEIGHTS_VERSION
    mixture: dict[str, float | None] = field(default_factory=dict)

    def columns(self) -> dict[str, Any]:
        values = asdict(self)
        mixture: dict[str, float | None] = values.pop("mixture")
        return values | mixture


def mood_of(said: Sequence[Said], seen: Sequence[Seen]) -> Mood | None:
    """The mood of one day; None for a day that holds nothing. ``seen`` in the order of time.

    The valence is the mean of the check-ins that carry one; on a day without such, the mean of its readings.
    """
    if not said and not seen:
        return None
    by_person = _mean(entry.valence for entry in said)
    by_camera = _mean(entry.valence for entry in seen)
    # A reading that the person contradicted isn't shown as what their face said.
    uncontradicted = [entry for entry in seen if entry.corrected is None]
    source = Source.SAID if by_person is not None else Source.CAMERA if by_camera is not None else ""
    return Mood(
        valence=by_person if by_person is not None else by_camera,
        source=source,
        said=by_person,
        camera=by_camera,
        energy=_mean(entry.energy for entry in said),
        check_ins=len(said),
        readings=len(seen),
        version_id=seen[-1].version_id if seen else None,
        mixture={emotion: _mean(entry.mixture[emotion] for entry in uncontradicted) for emotion in EMOTIONS},
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


@transaction.atomic
def recompute(user: User, days: Iterable[date]) -> None:
    """Compute these days of a person anew; a day that holds nothing has no row."""
    wanted = set(days)
    # Two that change the same day at once take turns, so that the second one sees what the first one wrote.
    hold_still(user)
    said, seen = _said(user, wanted), _seen(user, wanted)
    moods = {day: mood for day in wanted if (mood := mood_of(said[day], seen[day]))}
    if empty := wanted - moods.keys():
        DailyMood.objects.filter(user=user, local_date__in=empty).delete()
    rows = [DailyMood(user=user, local_date=day, **mood.columns()) for day, mood in moods.items()]
    DailyMood.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "local_date"], update_fields=_COLUMNS
    )
    days_changed.send(DailyMood, user=user, days=wanted)


_COLUMNS = [f.name for f in DailyMood._meta.concrete_fields if f.name not in ("id", "user", "local_date")]


def recompute_all(user: User) -> None:
    """Compute every day of a person anew: after a change of the weights, or to check."""
    days = set(_check_ins(user).values_list("local_date", flat=True))
    days |= set(_readings(user).values_list("snapshot__local_date", flat=True))
    days |= set(DailyMood.objects.filter(user=user).values_list("local_date", flat=True))
    recompute(user, days)


def _check_ins(user: User) -> QuerySet[CheckIn]:
    return CheckIn.objects.filter(user=user, deleted_at=None)


def _readings(user: User) -> QuerySet[Reading]:
    return Reading.objects.filter(snapshot__user=user, role=Reading.Role.CHAMPION)


def _said(user: User, days: set[date]) -> defaultdict[date, list[Said]]:
    found: defaultdict[date, list[Said]] = defaultdict(list)
    entries = _check_ins(user).filter(reading=None)  # an answer to a reading is no entry of its own
    rows = entries.filter(local_date__in=days).values_list("local_date", "valence", "energy")
    for day, pleasant, energy in rows:
        found[day].append(Said(pleasant, energy))
    return found


def _seen(user: User, days: set[date]) -> defaultdict[date, list[Seen]]:
    found: defaultdict[date, list[Seen]] = defaultdict(list)
    # Columns, not rows: a worker does this for every reading, and most of a reading says nothing about the day. Ordered
    # here, because SQLite would walk through all of a person's snapshots in their order to find those of a day.
    order, answer = ("snapshot__taken_at", "pk"), ("check_in__felt_right", "check_in__deleted_at", "check_in__emotions")
    columns = (*order, "snapshot__local_date", "version_id", *answer, *EMOTIONS)
    rows = _readings(user).filter(snapshot__local_date__in=days).order_by().values_list(*columns)
    for _at, _pk, day, version, *values in sorted(rows, key=lambda row: row[:2]):
        felt_right, deleted_at, emotions, *mixture = values
        contradicted = felt_right is False and not deleted_at
        corrected = tuple(emotions) if contradicted else None
        found[day].append(Seen(dict(zip(EMOTIONS, mixture, strict=True)), version, corrected))
    return found


@receiver([post_save, post_delete], sender=CheckIn)
def follow_check_in(sender: type[CheckIn], instance: CheckIn, **kwargs: Any) -> None:
    if not _goes_with_its_person(kwargs):
        recompute(instance.user, {instance.local_date})


@receiver([post_save, post_delete], sender=Reading)
def follow_reading(sender: type[Reading], instance: Reading, **kwargs: Any) -> None:
    if not _goes_with_its_person(kwargs) and instance.role == Reading.Role.CHAMPION:
        recompute(instance.snapshot.user, {instance.snapshot.local_date})


@receiver(readings_stored, sender=Reading)
def follow_readings(sender: type[Reading], user: User, days: set[date], **kwargs: Any) -> None:
    recompute(user, days)


def _goes_with_its_person(signal: dict[str, Any]) -> bool:
    """Whether everything of a person is being deleted, days and all."""
    origin = signal.get("origin")
    return isinstance(origin, User) or (isinstance(origin, QuerySet) and origin.model is User)
