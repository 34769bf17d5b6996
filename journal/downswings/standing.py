"""Where a person stands today: still getting to know their usual, around it, lower, or too few days to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from journal.accounts.models import User
from journal.downswings.baseline import CALIBRATION_DAYS
from journal.downswings.chart import GAP_DAYS, RECENT_DAYS, RECENT_OBSERVED, Point, State
from journal.downswings.days import with_value
from journal.downswings.models import Downswing
from journal.downswings.stretches import runs
from journal.moods.models import DailyMood
from journal.snapshots.days import today_of


class Where(StrEnum):
    NOTHING = "nothing"  # no finished day yet
    CALIBRATING = "calibrating"
    USUAL = "usual"
    LOW = "low"
    FEW = "few"  # not enough days lately


@dataclass(frozen=True)
class Standing:
    """``observed`` of ``needed``: baseline days while calibrating, days of the last four weeks otherwise."""

    where: Where
    observed: int
    needed: int
    latest: Point | None = None

    @property
    def missing(self) -> int:
        return max(self.needed - self.observed, 0)


def standing(points: Sequence[Point], today: date, low: bool) -> Standing:
    """What the chart of the finished days says today; ``low`` if a low stretch goes on."""
    if not points:
        return Standing(Where.NOTHING, 0, CALIBRATION_DAYS)
    if len(points) <= CALIBRATION_DAYS and points[-1].state is State.CALIBRATING:
        return Standing(Where.CALIBRATING, len(points), CALIBRATION_DAYS, points[-1])
    recent = sum(today - point.date <= timedelta(days=RECENT_DAYS) for point in points)
    silent = (today - points[-1].date).days > GAP_DAYS
    if recent < RECENT_OBSERVED or silent:
        return Standing(Where.FEW, recent, RECENT_OBSERVED, points[-1])
    return Standing(Where.LOW if low else Where.USUAL, recent, RECENT_OBSERVED, points[-1])


def unhushed(user: User) -> QuerySet[Downswing]:
    """The low stretches that go on and that nobody dismissed, hushed for now or called wrong; none with it off."""
    rows = Downswing.objects.filter(user=user, user__watch__on=True, stands=True, end=None, dismissed_at=None)
    return rows.exclude(answer=Downswing.Answer.WRONG).exclude(snoozed_until__gt=today_of(user))


def banner(user: User) -> Downswing | None:
    """The low stretch to speak of today, if there is one and days are enough."""
    row = unhushed(user).order_by("-start").first()
    if row is None:
        return None
    today = today_of(user)
    recent = with_value(DailyMood.objects.filter(user=user, local_date__lt=today))
    enough = recent.filter(local_date__gte=today - timedelta(days=RECENT_DAYS)).count() >= RECENT_OBSERVED
    return row if enough else None


def low_spans(user: User, start: date, end: date) -> list[tuple[date, date]]:
    """What a chart of these days paints of the low stretches: from the first low day of each to its last so far.

    Only days that were noted: a gap in a stretch parts it in two.
    """
    rows = Downswing.objects.filter(user=user, stands=True).annotate(
        first_day=Coalesce("began", "start"), last_day=Coalesce("end", "last", "start")
    )
    spans = list(
        rows.filter(first_day__lte=end, last_day__gte=start).order_by("start").values_list("first_day", "last_day")
    )
    if not spans:
        return []
    around = (max(spans[0][0], start), min(spans[-1][1], end))
    days = with_value(DailyMood.objects.filter(user=user, local_date__range=around)).order_by("local_date")
    noted = list(days.values_list("local_date", flat=True))
    return [run for first, last in spans for run in runs([day for day in noted if first <= day <= last])]
