"""Reminders: at a person's own times, if the day is still empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.accounts.consent import hold_still
from journal.accounts.models import Profile, User
from journal.accounts.refusal import Refused
from journal.moods.models import DailyMood, Reminder
from journal.snapshots.days import today_of
from journal.telling.hours import Hours
from journal.telling.models import Delivery, Kind, Message
from journal.telling.signals import still_wanted
from journal.telling.tell import Note, tell_many

MOST: Final = 12  # times a person
# A site that was away longer than this lets a time go by: nobody wants this evening's reminder at night.
LATEST: Final = timedelta(hours=1)
AT_ONCE: Final = 500
_ALIVE: Final = (Delivery.State.QUEUED, Delivery.State.SENDING, Delivery.State.SENT)


def of(user: User) -> QuerySet[Reminder]:
    """A person's times, by the clock."""
    return Reminder.objects.filter(user=user).order_by("at")


@transaction.atomic
def add(user: User, at: time, days: Iterable[int]) -> Reminder:
    """Remind at this time on these weekdays (Monday is 0); a time that is there already gets the new days.

    Raises ``Refused``.
    """
    weekdays, clock = frozenset(days), at.replace(second=0, microsecond=0, fold=0, tzinfo=None)
    if not weekdays or not weekdays <= frozenset(range(7)):
        raise Refused("no_days", _("A reminder needs at least one day of the week."))
    hold_still(user)  # two at once count each other
    if of(user).exclude(at=clock).count() >= MOST:
        raise Refused("too_many", _("Twelve times are enough for anybody's day. Remove one first."))
    values = {
        "days": sum(1 << day for day in weekdays),
        "next_at": next_time(timezone.now(), clock, weekdays, user.profile.zone),
    }
    row, _created = Reminder.objects.update_or_create(user=user, at=clock, defaults=values)
    return row


def remove(user: User, pk: int) -> bool:
    """Forget one of a person's times; False if there is no such one."""
    gone, _by_model = of(user).filter(pk=pk).delete()
    return bool(gone)


def next_time(after: datetime, at: time, weekdays: frozenset[int], zone: str) -> datetime:
    """The first moment after ``after`` (aware) at which the clock in the zone shows ``at`` on one of the weekdays; UTC.

    A time in the hour that summer time leaves out comes when it would have come without it; of a time in the hour that
    the clock shows twice, the first counts.
    """
    place = ZoneInfo(zone)
    today = after.astimezone(place).date()
    days = (today + timedelta(days=ahead) for ahead in range(8))
    moments = (datetime.combine(day, at, place).astimezone(UTC) for day in days if day.weekday() in weekdays)
    return next(moment for moment in moments if moment > after)


def is_outlived(at: time, until: time, day_start: time) -> bool:
    """Whether the day of a reminder at ``at`` is over when what put it off ends at ``until`` (all by one clock)."""
    return at != day_start and (day_start == until or Hours(at, until).cover(day_start))


def remind_due() -> int:
    """Tell everybody whose time has come and whose day is still empty; return how many have a message now.

    Idempotent: whatever is rung twice, a time of a day is told once.
    """
    now, told = timezone.now(), 0
    due = Reminder.objects.filter(next_at__lte=now).select_related("user__profile").order_by("next_at", "pk")
    while batch := list(due[:AT_ONCE]):
        with transaction.atomic():
            told += tell_many(_notes(batch, now), kind=Kind.REMINDER)
            _move_on(batch, now)
    return told


def _notes(due: Sequence[Reminder], now: datetime) -> list[Note]:
    """At most one for each person: of several times that have come at once, the last."""
    last = {row.user_id: row for row in due if row.next_at > now - LATEST}
    begun = _begun(last.values(), now)
    return [Note(person, _key(row), reverse("web:today")) for person, row in last.items() if person not in begun]


def _key(row: Reminder) -> str:
    day = row.next_at.astimezone(ZoneInfo(row.user.profile.zone)).date()
    return f"reminder:{day}:{row.at:%H:%M}"


def _begun(rows: Iterable[Reminder], now: datetime) -> set[int]:
    """Those of these people whose day holds something already."""
    today = {row.user_id: today_of(row.user, now) for row in rows}
    if not today:
        return set()
    # On a journey a device may be a day ahead of the zone at home: what it wrote counts for today.
    days = DailyMood.objects.filter(user__in=list(today), local_date__gte=min(today.values()))
    return {person for person, day in days.values_list("user", "local_date") if day >= today[person]}


def _move_on(due: Sequence[Reminder], now: datetime) -> None:
    """Set each time's next moment, unless its person changed it meanwhile."""
    following = defaultdict[datetime, list[int]](list)
    for row in due:
        following[next_time(now, row.at, row.weekdays, row.user.profile.zone)].append(row.pk)
    for moment, rows in following.items():
        Reminder.objects.filter(pk__in=rows, next_at__lte=now).update(next_at=moment)


@receiver(still_wanted, sender=Message)
def is_still_wanted(sender: type[Message], message: Message, **kwargs: Any) -> bool:
    """Whether a reminder that waited, through quiet hours or a server's bad hour, still has something to remind of.

    Its day goes on and is empty, and no later reminder has come that says the same.
    """
    if message.kind != Kind.REMINDER:
        return True
    now = timezone.now()
    today = today_of(message.user, now)
    if today_of(message.user, message.created_at) < today or _is_overtaken(message, now):
        return False
    return not DailyMood.objects.filter(user=message.user, local_date__gte=today).exists()


def _is_overtaken(message: Message, now: datetime) -> bool:
    # Times that have come come first: the round that tells of one moves it on and queues it at a stroke, so that
    # whoever looks in this order finds it in one place or the other.
    if Reminder.objects.filter(user=message.user_id, next_at__gt=now - LATEST, next_at__lte=now).exists():
        return True
    later = Message.objects.filter(user=message.user_id, kind=Kind.REMINDER, created_at__gt=message.created_at)
    return later.filter(deliveries__state__in=_ALIVE).exists()


@receiver(post_save, sender=Profile)
def follow_zone(sender: type[Profile], instance: Profile, created: bool, **kwargs: Any) -> None:
    """In another zone the same clock shows another moment."""
    if created:
        return
    now = timezone.now()
    # What has come already is left to the round that tells of it.
    for row in Reminder.objects.filter(user=instance.user_id, next_at__gt=now):
        moment = next_time(now, row.at, row.weekdays, instance.zone)
        Reminder.objects.filter(pk=row.pk).update(next_at=moment)
