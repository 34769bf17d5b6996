"""The door of this room: tell a person that there is something to see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from journal.accounts.models import User
from journal.telling import channels, doorbell
from journal.telling.channels import Way
from journal.telling.models import Delivery, Kind, Message

# Counted from when a message may first be told, so that quiet hours don't make it old.
LIFE: Final[Mapping[Kind, timedelta]] = {
    Kind.REMINDER: timedelta(hours=1),
    Kind.DOWNSWING: timedelta(days=1),
    Kind.TEST: timedelta(minutes=10),
}
AT_ONCE: Final = 500


@dataclass(frozen=True)
class Note:
    """What one person is to be told: ``key`` is told once, ``page`` is the path that it leads to."""

    person: int
    key: str
    page: str

    def __post_init__(self) -> None:
        if not self.page.startswith("/") or self.page.startswith("//"):
            raise ValueError("a message leads to a page of this site")


def tell(person: User, *, kind: Kind, key: str, page: str) -> None:
    """Queue one neutral message to the channels that the person chose for this kind.

    It says "Moodtide has a note for you" and no more; whoever follows it and is signed in arrives at ``page`` (a path
    of this site; ``ValueError`` otherwise). ``key`` (up to 100 letters) makes it once for this person, however often
    this is called. The rows stand and fall with the caller's transaction. Quiet hours put it off to their end, and so
    does the night where nobody chose a time; older than ``LIFE`` it is dropped. Somebody who chose no channel, is
    inactive, or is a demo is not told, and nothing is kept of it.
    """
    tell_many([Note(person.pk, key, page)], kind=kind)


def tell_many(notes: Iterable[Note], *, kind: Kind) -> int:
    """``tell`` for many people at once, in a few queries for each 500; return how many have a message now."""
    waiting = list(notes)
    parts = [waiting[start : start + AT_ONCE] for start in range(0, len(waiting), AT_ONCE)]
    return sum(_tell(part, kind, channels.ways([note.person for note in part], kind)) for part in parts)


def tell_by(way: list[Way], note: Note, kind: Kind) -> bool:
    """Queue a message by these ways, whatever the person chose otherwise: they asked for it just now."""
    return bool(_tell([note], kind, {note.person: way}))


@transaction.atomic
def _tell(notes: list[Note], kind: Kind, ways: Mapping[int, list[Way]]) -> int:
    now = timezone.now()
    reachable = [note for note in notes if ways.get(note.person)]
    free = channels.free_from([note.person for note in reachable], kind, now)
    wanted = [_message(note, kind, now, free[note.person]) for note in reachable]
    Message.objects.bulk_create(wanted, ignore_conflicts=True)
    new = set(Message.objects.filter(pk__in=[row.pk for row in wanted]).values_list("pk", flat=True))
    _queue([_delivery(row, way, free[row.user_id]) for row in wanted if row.pk in new for way in ways[row.user_id]])
    return len(new)


def _message(note: Note, kind: Kind, now: datetime, free: datetime) -> Message:
    return Message(
        user_id=note.person, kind=kind, key=note.key, page=note.page, created_at=now, expires_at=free + LIFE[kind]
    )


def _delivery(message: Message, way: Way, free: datetime) -> Delivery:
    return Delivery(message=message, channel=way.channel, browser_id=way.browser, not_before=free)


def _queue(rows: list[Delivery]) -> None:
    Delivery.objects.bulk_create(rows)
    doorbell.ring_on_commit(rows)
