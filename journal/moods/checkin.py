"""Check-ins: kept, changed, deleted and brought back, by the person's own hand."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inference.emotions import EMOTIONS
from journal.accounts import zones
from journal.accounts.consent import hold_still
from journal.accounts.models import User
from journal.accounts.refusal import Refused
from journal.accounts.seal import Opener, Place, seal_text
from journal.moods import tags as tag_box
from journal.moods.corrections import answer, own_reading, take_back
from journal.moods.models import CheckIn
from journal.moods.rollup import recompute
from journal.moods.vocabulary import WORDS
from journal.readings.models import Reading
from journal.snapshots.days import local_date

AHEAD: Final = timedelta(minutes=5)  # a clock may run a little ahead
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
LONGEST_NOTE: Final = 20_000
UNDO_FOR: Final = timedelta(hours=1)


class Conflict(Exception):
    """The entry was changed or deleted elsewhere since this page read it; ``current`` is what stands now."""

    def __init__(self, current: CheckIn | None) -> None:
        super().__init__("changed elsewhere")
        self.current = current


@dataclass(frozen=True)
class Entry:
    """What a person wants a check-in to say."""

    at: datetime
    zone: str
    valence: float | None = None
    energy: float | None = None
    emotions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    tags: frozenset[uuid.UUID] = frozenset()
    note: str = ""
    taken_over: uuid.UUID | None = None  # the snapshot whose reading these emotions answer

    @property
    def says_something(self) -> bool:
        sliders = self.valence is not None or self.energy is not None
        picked = self.emotions or self.words or self.tags or self.taken_over
        return bool(sliders or picked or self.note.strip())


@transaction.atomic
def keep(user: User, pk: uuid.UUID, entry: Entry, revision: int) -> CheckIn | None:
    """Store a check-in under the id that its page chose; ``revision`` is the one that the page last saw, 0 for none.

    The same request may come twice: what is already stored so is left alone. What no longer says anything is gone:
    None. Raises ``Refused`` and ``Conflict``.
    """
    _check(entry)
    tags = tag_box.own(entry.tags, user)
    hold_still(user)
    entry, reading = _settled(user, entry)
    row = CheckIn.objects.filter(pk=pk).first()
    if row is None:
        if not entry.says_something:
            raise Refused("empty", _("There is nothing to keep yet. Move a slider, choose a word or write a line."))
        if revision:
            raise Conflict(None)
        row = CheckIn(pk=pk, user=user)
    elif row.user_id != user.pk or row.reading_id:  # an answer to a reading is changed beside it
        raise Refused("not_yours", _("This entry isn't here."))
    elif same(row, entry):
        return row
    elif row.revision != revision or row.deleted_at:
        raise Conflict(None if row.deleted_at else row)
    before = _Before(row.local_date, row.taken_over, list(row.emotions))
    if not entry.says_something:
        _let_go(row, before)
        return None
    _write(row, entry)
    row.taken_over = reading
    row.save()
    row.tags.set(tags)
    _follow(row, before)
    return row


@dataclass(frozen=True)
class _Before:
    """What a check-in said until now, as far as others follow it."""

    day: date | None
    taken_over: Reading | None
    emotions: list[str]


def _settled(user: User, entry: Entry) -> tuple[Entry, Reading | None]:
    """The entry with what taking a reading over means today; a reading that is gone can't be taken over."""
    reading = own_reading(user, entry.taken_over)
    if reading is None:
        entry = replace(entry, taken_over=None)
    elif not entry.emotions:
        entry = replace(entry, emotions=tuple(reading.present))  # taken over as it is
    return entry, reading


def _let_go(row: CheckIn, before: _Before) -> None:
    """Everything that it said was taken back."""
    if before.taken_over:
        _leave(row, before.taken_over, before.emotions)
    row.delete()


def _follow(row: CheckIn, before: _Before) -> None:
    """Bring what depends on a check-in up to date: the day that it left, and the reading that it answers."""
    if before.day and before.day != row.local_date:
        recompute(row.user, {before.day})
    if before.taken_over and before.taken_over != row.taken_over:
        _leave(row, before.taken_over, before.emotions)
    if row.taken_over and (before.taken_over, before.emotions) != (row.taken_over, row.emotions):
        _answer(row, row.taken_over)


def _answer(row: CheckIn, reading: Reading) -> None:
    answer(reading, set(row.emotions) == set(reading.present), row.emotions)


def _leave(row: CheckIn, reading: Reading, emotions: list[str]) -> None:
    """Take an answer back that this check-in gave, unless another one gives it too."""
    others = CheckIn.objects.filter(taken_over=reading, deleted_at=None).exclude(pk=row.pk)
    if not others.exists():
        take_back(reading, emotions)


def same(row: CheckIn, entry: Entry) -> bool:
    """Whether a stored check-in says exactly this."""
    at = row.at if _same_minute(row, entry) else entry.at
    stored = (row.at, row.zone, row.valence, row.energy, tuple(row.emotions), tuple(row.words), note_of(row))
    wanted = (
        at, entry.zone, entry.valence, entry.energy, _in_order(entry.emotions, EMOTIONS),
        _in_order(entry.words, WORDS), entry.note,
    )  # fmt: skip
    snapshot = row.taken_over.snapshot_id if row.taken_over else None
    return (
        stored == wanted and snapshot == entry.taken_over and set(row.tags.values_list("pk", flat=True)) == entry.tags
    )


def delete(user: User, pk: uuid.UUID) -> CheckIn | None:
    """Take a check-in out of everything; for an hour it can be brought back. None if there is none."""
    return _mark(user, pk, timezone.now())


def restore(user: User, pk: uuid.UUID) -> CheckIn | None:
    """Bring a deleted check-in back. None if it is gone for good."""
    return _mark(user, pk, None)


def purge() -> int:
    """Delete for good what was deleted more than an hour ago; return how many."""
    gone = CheckIn.objects.filter(deleted_at__lt=timezone.now() - UNDO_FOR)
    return gone.delete()[1].get("moods.CheckIn", 0)


def note_of(row: CheckIn, opener: Opener | None = None) -> str:
    """The note's Markdown; empty where there is none. Raises ``SealBroken``."""
    if row.sealed_note is None:
        return ""
    return (opener or Opener(row.user)).text(row.sealed_note, note_place(row.pk))


@transaction.atomic
def _mark(user: User, pk: uuid.UUID, deleted_at: datetime | None) -> CheckIn | None:
    hold_still(user)
    row = CheckIn.objects.filter(pk=pk, user=user, reading=None).first()
    if row is not None:
        row.deleted_at = deleted_at
        row.revision += 1
        row.save()
        if row.taken_over and deleted_at:
            _leave(row, row.taken_over, row.emotions)
        elif row.taken_over and not CheckIn.objects.filter(reading=row.taken_over).exists():
            _answer(row, row.taken_over)
    return row


def _same_minute(row: CheckIn, entry: Entry) -> bool:
    """Whether a form, which knows only minutes of a wall clock, means the moment that is stored."""
    if row.zone != entry.zone:  # a new row has none yet
        return False
    zone = ZoneInfo(row.zone)
    stored, wanted = (moment.astimezone(zone).replace(tzinfo=None, fold=0) for moment in (row.at, entry.at))
    return stored.replace(second=0, microsecond=0) == wanted.replace(second=0, microsecond=0)


def _write(row: CheckIn, entry: Entry) -> None:
    if not _same_minute(row, entry):
        row.at = entry.at
    row.zone = entry.zone
    row.local_date = local_date(row.at, entry.zone, row.user.profile.day_start)
    row.valence, row.energy = entry.valence, entry.energy
    row.emotions = list(_in_order(entry.emotions, EMOTIONS))
    row.words = list(_in_order(entry.words, WORDS))
    row.sealed_note = seal_text(row.user, entry.note, note_place(row.pk)) if entry.note else None
    row.revision += 1


def _in_order(chosen: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in known if word in chosen)


def note_place(pk: uuid.UUID) -> Place:
    """Where a check-in's sealed note belongs."""
    return Place(table="moods.checkin", row=str(pk), field="note")


def _check(entry: Entry) -> None:
    if entry.at > timezone.now() + AHEAD:
        raise Refused("future", _("This lies in the future. A check-in is about now or before."))
    if entry.at < EARLIEST:
        raise Refused("too_old", _("Moodtide keeps days from 1990 on."))
    if entry.zone not in zones.known():
        raise Refused("unknown_zone", _("This device's time zone isn't one that Moodtide knows."))
    if any(slider is not None and not -1 <= slider <= 1 for slider in (entry.valence, entry.energy)):
        raise Refused("off_scale", _("A slider stands outside its scale. Please move it once more."))
    if set(entry.emotions) - set(EMOTIONS) or set(entry.words) - set(WORDS):
        raise Refused("unknown_word", _("This page is out of date. Please load it again."))
    if len(entry.note) > LONGEST_NOTE:
        most = f"{LONGEST_NOTE:,}"
        raise Refused("long_note", _("A note can have %(most)s letters. Perhaps it wants to be two.") % {"most": most})
