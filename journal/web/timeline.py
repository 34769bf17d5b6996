"""A person's days as they went: snapshots and check-ins by time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from journal.accounts.models import User
from journal.accounts.seal import Opener
from journal.moods import tags
from journal.moods.checkin import note_of
from journal.moods.models import CheckIn
from journal.moods.tags import NamedTag
from journal.moods.vocabulary import EMOTION_LABELS, LABELS
from journal.snapshots.days import is_today, today_of
from journal.snapshots.models import Snapshot
from journal.web.markdown import to_html
from journal.web.own import own_check_ins, own_snapshots
from journal.web.present import Entry, entry


@dataclass(frozen=True)
class CheckInEntry:
    """A check-in as a day lists it; ``valence`` and ``energy`` in percent of their scales, from the low end."""

    row: CheckIn
    at: datetime
    url: str
    valence: float | None
    energy: float | None
    words: list[str]
    tags: list[NamedTag]
    note: SafeString

    @property
    def dot_x(self) -> float:
        """Where the dot stands on the compass, 0 to 100 from the left, with room for its own size."""
        return 50 if self.valence is None else 15 + self.valence * 0.7

    @property
    def dot_y(self) -> float:
        return 50 if self.energy is None else 85 - self.energy * 0.7


@dataclass(frozen=True)
class Day:
    date: date
    entries: list[Entry | CheckInEntry]  # the latest first


def days(user: User, wanted: Iterable[date]) -> list[Day]:
    """These days with all that they hold, in a fixed number of queries."""
    wanted = list(wanted)
    found: defaultdict[date, list[Entry | CheckInEntry]] = defaultdict(list)
    for shown in _held(user, wanted):
        found[_row(shown).local_date].append(shown)
    return [Day(day, found[day]) for day in wanted]


def today(user: User) -> list[Entry | CheckInEntry]:
    """What today holds so far, the latest first; on a journey it is another day where the device is."""
    now = timezone.now()
    day = today_of(user, now)
    around = [day + timedelta(days=apart) for apart in range(-2, 3)]  # zones lie up to 26 hours apart
    return _held(user, around, lambda row: is_today(row.local_date, row.zone, user, now))


def days_of(user: User, rows: Iterable[CheckIn]) -> list[Day]:
    """Some check-ins by day, in the order they come in."""
    opener, found = Opener(user), dict[date, list[Entry | CheckInEntry]]()
    for row in rows:
        found.setdefault(row.local_date, []).append(_check_in_entry(row, opener))
    return [Day(day, shown) for day, shown in found.items()]


def _held(
    user: User, wanted: Sequence[date], counts: Callable[[Snapshot | CheckIn], bool] = lambda _row: True
) -> list[Entry | CheckInEntry]:
    """What these days hold, as far as it counts, the latest first."""
    opener = Opener(user)
    snapshots = own_snapshots(user).filter(local_date__in=wanted)
    held: list[Entry | CheckInEntry] = [entry(row) for row in snapshots if counts(row)]
    said = own_check_ins(user).filter(local_date__in=wanted)
    held += [_check_in_entry(row, opener) for row in said if counts(row)]
    return sorted(held, key=_moment, reverse=True)


def _row(shown: Entry | CheckInEntry) -> Snapshot | CheckIn:
    return shown.row if isinstance(shown, CheckInEntry) else shown.snapshot


def _moment(shown: Entry | CheckInEntry) -> datetime:
    return shown.at if isinstance(shown, CheckInEntry) else shown.snapshot.taken_at


def _check_in_entry(row: CheckIn, opener: Opener) -> CheckInEntry:
    note = note_of(row, opener)
    return CheckInEntry(
        row=row,
        at=row.at,
        url=reverse("web:check_in", args=[row.pk]),
        valence=_percent(row.valence),
        energy=_percent(row.energy),
        words=[str(EMOTION_LABELS[name]) for name in row.emotions] + [str(LABELS[word]) for word in row.words],
        tags=tags.names(row.tags.all(), opener),
        note=to_html(note) if note else SafeString(),
    )


def _percent(value: float | None) -> float | None:
    return None if value is None else round(50 + value * 50, 1)


def latest_reading(shown: Iterable[Entry | CheckInEntry]) -> Entry | None:
    return next((e for e in shown if isinstance(e, Entry) and e.state == "read"), None)


def dates(user: User) -> list[date]:
    """Every day that holds something to remember, the newest first."""
    seen = Snapshot.objects.filter(user=user).exclude(status=Snapshot.Status.NO_FACE)
    said = own_check_ins(user).order_by().prefetch_related(None)
    union = seen.order_by().values_list("local_date", flat=True).union(said.values_list("local_date", flat=True))
    return sorted(union, reverse=True)
