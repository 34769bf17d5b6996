"""A day's check-ins and readings -> its mood. Always from the rows, never by adding to what was there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from statistics import fmean
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
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
OneDay = tuple[int, date]  # a person's id, and a day of theirs

# Sent with days, a set of them for each person, inside the transaction that computed them anew: what a receiver changes
# stands or falls with the days.
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


def recompute(user: User, days: Iterable[date]) -> None:
    """Compute these days of a person anew; a day that holds nothing has no row."""
    recompute_days({user: set(days)})


@transaction.atomic
def recompute_days(days: Mapping[User, set[date]]) -> None:
    """``recompute`` for several people at once."""
    # Two that change the same day at once take turns, so that the second one sees what the first one wrote.
    hold_still(*days)
    said, seen = _said(days), _seen(days)
    rows, empty = [], Q()
    for user, wanted in days.items():
        moods = {day: mood_of(said[user.pk, day], seen[user.pk, day]) for day in wanted}
        rows += [DailyMood(user=user, local_date=day, **mood.columns()) for day, mood in moods.items() if mood]
        if bare := [day for day, mood in moods.items() if mood is None]:
            empty |= Q(user=user, local_date__in=bare)
    if empty:
        DailyMood.objects.filter(empty).delete()
    DailyMood.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "local_date"], update_fields=_COLUMNS
    )
    days_changed.send(DailyMood, days=days)


_COLUMNS = [f.name for f in DailyMood._meta.concrete_fields if f.name not in ("id", "user", "local_date")]


def recompute_all(user: User) -> None:
    """Compute every day of a person anew: after a change of the weights, or to check."""
    days = set(_check_ins([user]).values_list("local_date", flat=True))
    days |= set(_readings([user]).values_list("snapshot__local_date", flat=True))
    days |= set(DailyMood.objects.filter(user=user).values_list("local_date", flat=True))
    recompute(user, days)


def _check_ins(people: Iterable[User]) -> QuerySet[CheckIn]:
    return CheckIn.objects.filter(user__in=people, deleted_at=None)


def _readings(people: Iterable[User]) -> QuerySet[Reading]:
    return Reading.objects.filter(snapshot__user__in=people, role=Reading.Role.CHAMPION)


def _said(days: Mapping[User, set[date]]) -> defaultdict[OneDay, list[Said]]:
    """Of these people's days, and perhaps of more: of one's days that were asked of another."""
    found: defaultdict[OneDay, list[Said]] = defaultdict(list)
    rows = _check_ins(days).filter(local_date__in=set().union(*days.values()))
    for user, day, reading, *said in rows.values_list("user_id", "local_date", "reading_id", "valence", "energy"):
        # An answer to a reading is no entry of its own. Sorted out here, because SQLite would walk through all entries
        # of everybody that answer none.
        if not reading:
            found[user, day].append(Said(*said))
    return found


def _seen(days: Mapping[User, set[date]]) -> defaultdict[OneDay, list[Seen]]:
    """As ``_said``, in the order of time."""
    found: defaultdict[OneDay, list[Seen]] = defaultdict(list)
    # Columns, not rows: a worker does this for every reading, and most of a reading says nothing about the day. Ordered
    # here, because SQLite would walk through all of a person's snapshots in their order to find those of a day.
    order, answer = ("snapshot__taken_at", "pk"), ("check_in__felt_right", "check_in__deleted_at", "check_in__emotions")
    columns = (*order, "snapshot__user_id", "snapshot__local_date", "version_id", *answer, *EMOTIONS)
    wanted = _readings(days).filter(snapshot__local_date__in=set().union(*days.values()))
    rows = wanted.order_by().values_list(*columns)
    for _at, _pk, user, day, version, *values in sorted(rows, key=lambda row: row[:2]):
        felt_right, deleted_at, emotions, *mixture = values
        contradicted = felt_right is False and not deleted_at
        corrected = tuple(emotions) if contradicted else None
        found[user, day].append(Seen(dict(zip(EMOTIONS, mixture, strict=True)), version, corrected))
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
def follow_readings(sender: type[Reading], days: Mapping[User, set[date]], **kwargs: Any) -> None:
    recompute_days(days)


def _goes_with_its_person(signal: dict[str, Any]) -> bool:
    """Whether everything of a person is being deleted, days and all."""
    origin = signal.get("origin")
    return isinstance(origin, User) or (isinstance(origin, QuerySet) and origin.model is User)
