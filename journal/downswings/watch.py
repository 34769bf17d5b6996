"""A person's days -> their downswings, opened, changed and closed; and the one message that a low stretch may send.

Always recomputed from the rows, under the person's lock, so that it doesn't matter how often or in what order it is
asked for. A day that is not over is left out: it joins at its end, by the sweep. A changed earlier day is looked at
at once, and can change only what comes from it onward, because the chart never looks ahead.

A message is decided when a stretch is first seen, and never again, however its days are edited:
- it must be news: open, and begun within the last week; what an edit of older days brings to light is shown, not sent;
- it must have begun since the feature was turned on or set: that day the person looked themselves;
- no stretch that was told may lie within four weeks of it, nor any message.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.dispatch import receiver

from journal.accounts.consent import hold_still
from journal.accounts.models import User
from journal.downswings.days import points_of
from journal.downswings.models import Downswing, Watch
from journal.downswings.news import tell_of
from journal.downswings.stretches import SAME_WITHIN, Stretch, stretches
from journal.moods.models import DailyMood
from journal.moods.rollup import days_changed
from journal.snapshots.days import today_of

NEWS_FOR: Final = timedelta(days=7)
ENDLESS: Final = date.max


@receiver(days_changed, sender=DailyMood)
def look_again(sender: type[DailyMood], days: Mapping[User, Collection[date]], **kwargs: Any) -> None:
    """Days of people changed: look at their charts again, unless it is only the day that isn't over."""
    people = {user.pk: user for user in days}
    for watch in Watch.objects.filter(user__in=people, on=True):
        user = people[watch.user_id]
        if any(_counts(day, watch, today_of(user)) for day in days[user]):
            follow(user)


def _counts(day: date, watch: Watch, today: date) -> bool:
    return day < today and (watch.since is None or day >= watch.since)


@transaction.atomic
def follow(user: User, *, quietly: bool = False) -> None:
    """Make the person's downswings what their finished days say; ``quietly`` where they are looking anyway.

    With the feature off nothing is read and nothing computed.
    """
    hold_still(user)
    watch = Watch.objects.filter(user=user, on=True).first()
    if watch is None:
        return
    today = today_of(user)
    found = stretches(points_of(user, watch, today), today)
    rows = list(Downswing.objects.filter(user=user).order_by("start"))
    told = [(row.start, row.end or ENDLESS) for row in rows if row.message == Downswing.Message.TOLD]
    if watch.told:
        told.append((watch.told, watch.told))
    # What was noticed before the baseline began anew stays as it was.
    own = [row for row in rows if watch.since is None or row.start >= watch.since]
    matched = match(found, own)
    for row in own:
        if row not in matched.values():
            _withdraw(row)
    for number, stretch in enumerate(found):
        row = matched.get(number) or Downswing(user=user)
        news = number not in matched and not quietly and _is_news(stretch, watch, told, today)
        _keep(row, stretch)
        if news:
            _tell(watch, row, today)


def match(found: list[Stretch], rows: list[Downswing]) -> dict[int, Downswing]:
    """Which row each stretch is: the one of the same first day, else the first one that shares days with it."""
    by_start = {row.start: row for row in rows}
    matched = {n: by_start[stretch.start] for n, stretch in enumerate(found) if stretch.start in by_start}
    free = [row for row in rows if row not in matched.values()]
    for number, stretch in enumerate(found):
        if number in matched:
            continue
        twin = next((row for row in free if _overlap(stretch, row.start, row.end or ENDLESS)), None)
        if twin:
            free.remove(twin)
            matched[number] = twin
    return matched


def _overlap(stretch: Stretch, start: date, end: date) -> bool:
    return stretch.start <= end and start <= (stretch.end or ENDLESS)


def _is_news(stretch: Stretch, watch: Watch, told: list[tuple[date, date]], today: date) -> bool:
    if not stretch.goes_on or stretch.start < max(today - NEWS_FOR, watch.chosen or date.min):
        return False
    return not any(start <= stretch.last and _later(end) >= stretch.start for start, end in told)


def _later(end: date) -> date:
    return end if end is ENDLESS else end + SAME_WITHIN


def _keep(row: Downswing, stretch: Stretch) -> None:
    """Write what differs and nothing else: the rest of a row is the person's."""
    wanted = {"began": stretch.began, "start": stretch.start, "end": stretch.end, "last": stretch.last,
              "depth": stretch.depth, "evidence": asdict(stretch.evidence), "stands": True}  # fmt: skip
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    row.save(update_fields=None if row._state.adding else changed)  # no fields: no query


def _withdraw(row: Downswing) -> None:
    """Days changed and no longer show it: forget it, or, where somebody was told or answered, keep that alone."""
    if not row.has_traces:
        row.delete()
    elif row.stands:
        row.stands, row.end = False, row.end or row.last or row.start
        row.save(update_fields=["stands", "end"])


def _tell(watch: Watch, row: Downswing, today: date) -> None:
    row.message, watch.told = Downswing.Message.TOLD, today
    row.save(update_fields=["message"])
    watch.save(update_fields=["told"])
    tell_of(watch.user, row)
