"""Reminders: a person's own clock, days that are still empty, and a site that was away."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from journal.accounts.models import User
from journal.accounts.people import create_person
from journal.accounts.refusal import Refused
from journal.moods import reminders
from journal.moods.checkin import Entry, keep
from journal.moods.models import Reminder
from journal.moods.reminders import next_time, remind_due
from journal.snapshots.days import local_date
from journal.telling import doorbell
from journal.telling.courier import deliver
from journal.telling.models import Channel, Delivery, Kind, Message, OptIn, QuietHours
from tests.telling.conftest import give_address

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = frozenset(range(7))
EVENING = time(20, 30)
FRIDAY = datetime(2026, 11, 20, 12, tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def no_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    def hear(pk: UUID) -> bool:
        return True

    monkeypatch.setattr(doorbell, "_ring", hear)


class Clock:
    """The site's clock, set by the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
        self.now = now
        monkeypatch.setattr(timezone, "now", lambda: self.now.astimezone(UTC))

    def show(self, clock: str, day: date | None = None, fold: int = 0) -> None:
        """Berlin's clock shows this time."""
        self.now = datetime.combine(day or self.now.date(), time.fromisoformat(clock), BERLIN).replace(fold=fold)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch, FRIDAY)


@pytest.fixture
def ottilie(clock: Clock, person: User) -> User:
    """Somebody who wants to be told by e-mail."""
    return reachable(person)


def reachable(person: User) -> User:
    give_address(person)
    OptIn.objects.create(user=person, kind=Kind.REMINDER, channel=Channel.EMAIL)
    return person


def keys() -> list[str]:
    return sorted(Message.objects.values_list("key", flat=True))


def check_in(person: User, at: datetime) -> None:
    keep(person, uuid.uuid4(), Entry(at=at, zone="Europe/Berlin", valence=0.2), 0)


def berlin(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


@pytest.mark.parametrize(
    ("after", "at", "days", "then"),
    [
        ("2026-11-20T12:00", "20:30", EVERY_DAY, "2026-11-20T20:30"),
        ("2026-11-20T20:30", "20:30", EVERY_DAY, "2026-11-21T20:30"),
        ("2026-11-20T12:00", "20:30", {0}, "2026-11-23T20:30"),
        ("2026-11-20T20:30", "20:30", {4}, "2026-11-27T20:30"),
        # Summer time: the same clock, another distance.
        ("2026-03-28T20:30", "20:30", EVERY_DAY, "2026-03-29T20:30"),
        # The hour that is left out: when it would have come without.
        ("2026-03-28T12:00", "02:30", {6}, "2026-03-29T03:30"),
        ("2026-03-29T03:30", "02:30", EVERY_DAY, "2026-03-30T02:30"),
        # The hour that comes twice: the first, and only the first.
        ("2026-10-24T12:00", "02:30", {6}, "2026-10-25T02:30"),
        ("2026-10-25T02:30", "02:30", EVERY_DAY, "2026-10-26T02:30"),
    ],
)
def test_the_next_time_by_the_persons_clock(after: str, at: str, days: set[int], then: str) -> None:
    found = next_time(berlin(after), time.fromisoformat(at), frozenset(days), "Europe/Berlin")
    assert found == berlin(then).astimezone(UTC)
    assert found.tzinfo is UTC


CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0))
ZONES = st.sampled_from(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu"])


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    CLOCKS,
    st.frozensets(st.integers(0, 6), min_size=1),
    ZONES,
)
def test_times_follow_each_other_a_day_at_a_time(now: datetime, at: time, days: frozenset[int], zone: str) -> None:
    dates = []
    for _round in range(9):
        later = next_time(now, at, days, zone)
        assert now < later <= now + timedelta(days=7, hours=2)
        dates.append(later.astimezone(ZoneInfo(zone)).date())
        now = later
    assert len(set(dates)) == len(dates)
    assert {day.weekday() for day in dates} <= days


@pytest.mark.django_db
def test_it_reminds_at_the_time_and_once(ottilie: User, clock: Clock) -> None:
    reminders.add(ottilie, EVENING, EVERY_DAY)
    clock.show("20:29")
    assert remind_due() == 0
    clock.show("20:30")
    assert remind_due() == 1
    assert remind_due() == 0
    clock.show("20:31")
    assert remind_due() == 0
    assert keys() == ["reminder:2026-11-20:20:30"]
    assert Message.objects.get().page == "/"
    clock.show("20:30", date(2026, 11, 21))
    assert remind_due() == 1


@pytest.mark.django_db
def test_a_lost_step_forward_tells_nobody_twice(ottilie: User, clock: Clock) -> None:
    row = reminders.add(ottilie, EVENING, EVERY_DAY)
    due = row.next_at
    clock.show("20:30")
    assert remind_due() == 1
    Reminder.objects.update(next_at=due)
    assert remind_due() == 0
    assert len(keys()) == 1


@pytest.mark.django_db
def test_a_day_that_holds_something_is_not_reminded_of(ottilie: User, clock: Clock) -> None:
    reminders.add(ottilie, EVENING, EVERY_DAY)
    check_in(ottilie, FRIDAY)
    clock.show("20:30")
    assert remind_due() == 0


@pytest.mark.django_db
def test_after_midnight_it_is_still_the_evening_before(ottilie: User, clock: Clock) -> None:
    reminders.add(ottilie, time(1), EVERY_DAY)
    check_in(ottilie, FRIDAY)
    clock.show("01:00", date(2026, 11, 21))
    assert remind_due() == 0  # until 04:00 it is Friday
    reminders.add(ottilie, time(4), EVERY_DAY)
    clock.show("04:00", date(2026, 11, 21))
    assert remind_due() == 1


@pytest.mark.django_db
def test_somebody_elses_day_says_nothing_about_mine(ottilie: User, other: User, clock: Clock) -> None:
    reachable(other)
    for somebody in (ottilie, other):
        reminders.add(somebody, EVENING, EVERY_DAY)
    check_in(other, FRIDAY)
    clock.show("20:30")
    assert remind_due() == 1
    assert Message.objects.get().user == ottilie


@pytest.mark.django_db
def test_only_on_the_chosen_days(ottilie: User, clock: Clock) -> None:
    reminders.add(ottilie, EVENING, {5, 6})
    clock.show("20:30")
    assert remind_due() == 0
    clock.show("20:30", date(2026, 11, 21))
    assert remind_due() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("back_at", "told"), [("21:15", 1), ("21:45", 0)])
def test_a_site_that_was_away_sends_nothing_stale(ottilie: User, clock: Clock, back_at: str, told: int) -> None:
    reminders.add(ottilie, EVENING, EVERY_DAY)
    clock.show(back_at)
    assert remind_due() == told
    assert Reminder.objects.get().next_at == berlin("2026-11-21T20:30")


@pytest.mark.django_db
def test_of_several_that_were_missed_the_last_is_enough(ottilie: User, clock: Clock) -> None:
    for minute in (0, 15, 30):
        reminders.add(ottilie, time(20, minute), EVERY_DAY)
    clock.show("20:45")
    assert remind_due() == 1
    assert keys() == ["reminder:2026-11-20:20:30"]


@pytest.mark.django_db
def test_the_hour_that_comes_twice_reminds_once(ottilie: User, clock: Clock) -> None:
    clock.show("12:00", date(2026, 10, 24))
    reminders.add(ottilie, time(2, 30), EVERY_DAY)
    for fold in (0, 1):
        clock.show("02:30", date(2026, 10, 25), fold)
        remind_due()
    assert keys() == ["reminder:2026-10-25:02:30"]


@pytest.mark.django_db
def test_the_hour_that_is_left_out_reminds_once(ottilie: User, clock: Clock) -> None:
    clock.show("12:00", date(2026, 3, 28))
    reminders.add(ottilie, time(2, 30), {6})
    for at in ("01:59", "03:00", "03:30", "03:31", "04:30"):
        clock.show(at, date(2026, 3, 29))
        remind_due()
    assert keys() == ["reminder:2026-03-29:02:30"]


@pytest.mark.django_db
def test_in_another_zone_the_clock_shows_another_moment(ottilie: User, clock: Clock) -> None:
    row = reminders.add(ottilie, EVENING, EVERY_DAY)
    ottilie.profile.zone = "America/New_York"
    ottilie.profile.save()
    row.refresh_from_db()
    assert row.next_at == datetime(2026, 11, 20, 20, 30, tzinfo=ZoneInfo("America/New_York"))


@pytest.mark.django_db
def test_saving_settings_in_the_very_minute_loses_nothing(ottilie: User, clock: Clock) -> None:
    reminders.add(ottilie, EVENING, EVERY_DAY)
    clock.show("20:30")
    ottilie.profile.save()
    assert remind_due() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrote", "state"), [(True, (Delivery.State.DROPPED, "no_longer_needed")), (False, (Delivery.State.SENT, ""))]
)
def test_a_reminder_that_waited_through_quiet_hours_looks_again(
    ottilie: User, clock: Clock, mailoutbox: list[Any], wrote: bool, state: tuple[str, str]
) -> None:
    QuietHours.objects.create(user=ottilie, start=time(20), end=time(7))
    reminders.add(ottilie, time(6), EVERY_DAY)
    clock.show("06:00", date(2026, 11, 21))
    assert remind_due() == 1
    row = Delivery.objects.get()
    assert row.not_before == berlin("2026-11-21T07:00")
    clock.show("07:01", date(2026, 11, 21))
    if wrote:
        check_in(ottilie, clock.now)
    deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.outcome) == state
    assert len(mailoutbox) == (0 if wrote else 1)


@pytest.mark.django_db
def test_a_night_of_reminders_ends_in_one_message_about_the_new_day(
    ottilie: User, clock: Clock, mailoutbox: list[Any]
) -> None:
    QuietHours.objects.create(user=ottilie, start=time(22), end=time(7))
    for at in (time(22, 30), time(23), time(6), time(7)):
        reminders.add(ottilie, at, EVERY_DAY)
    evening, morning = date(2026, 11, 20), date(2026, 11, 21)
    for at, day in (("22:30", evening), ("23:00", evening), ("06:00", morning), ("07:00", morning)):
        clock.show(at, day)
        remind_due()
    clock.show("07:01", morning)
    outcomes = {}
    for row in Delivery.objects.all():
        deliver(row.pk)
        row.refresh_from_db()
        outcomes[row.message.key.removeprefix("reminder:")] = row.outcome
    unsent = "no_longer_needed"
    assert outcomes == {
        "2026-11-20:22:30": unsent, "2026-11-20:23:00": unsent, "2026-11-21:06:00": unsent, "2026-11-21:07:00": "",
    }  # fmt: skip
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_one_that_waited_makes_way_for_a_time_that_has_come_and_was_not_yet_told(
    ottilie: User, clock: Clock, mailoutbox: list[Any]
) -> None:
    QuietHours.objects.create(user=ottilie, start=time(22), end=time(7))
    for at in (time(6), time(7)):
        reminders.add(ottilie, at, EVERY_DAY)
    for at in ("06:00", "07:00"):
        clock.show(at, date(2026, 11, 21))
        if at == "07:00":
            deliver(Delivery.objects.get().pk)  # before the minute's round
        remind_due()
    assert [row.outcome for row in Delivery.objects.order_by("message__key")] == ["no_longer_needed", ""]


@pytest.mark.django_db
def test_two_times_of_a_morning_are_two_messages(ottilie: User, clock: Clock, mailoutbox: list[Any]) -> None:
    for at in ("08:00", "08:30"):
        reminders.add(ottilie, time.fromisoformat(at), EVERY_DAY)
    for at in ("08:00", "08:30"):
        clock.show(at, date(2026, 11, 21))
        remind_due()
        deliver(Delivery.objects.get(message__key=f"reminder:2026-11-21:{at}").pk)
    assert len(mailoutbox) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("day_start", "sent"), [(time(4), 0), (time(8), 1)])
def test_the_day_of_a_night_is_the_person_s_own(
    ottilie: User, clock: Clock, mailoutbox: list[Any], day_start: time, sent: int
) -> None:
    ottilie.profile.day_start = day_start
    ottilie.profile.save()
    QuietHours.objects.create(user=ottilie, start=time(22), end=time(7))
    reminders.add(ottilie, time(23), EVERY_DAY)
    clock.show("23:00")
    remind_due()
    clock.show("07:00", date(2026, 11, 21))
    deliver(Delivery.objects.get().pk)
    assert len(mailoutbox) == sent


@pytest.mark.parametrize(
    ("at", "until", "day_start", "lost"),
    [
        ("22:30", "07:00", "04:00", True), ("06:00", "07:00", "04:00", False), ("04:00", "07:00", "04:00", False),
        ("03:59", "07:00", "04:00", True), ("23:00", "04:00", "04:00", True), ("23:00", "03:59", "04:00", False),
        ("13:00", "15:00", "00:00", False), ("23:00", "07:00", "00:00", True),
    ],
)  # fmt: skip
def test_a_day_may_be_over_before_quiet_hours_are(at: str, until: str, day_start: str, lost: bool) -> None:
    assert reminders.is_outlived(*(time.fromisoformat(clock) for clock in (at, until, day_start))) is lost


@pytest.mark.django_db
@pytest.mark.parametrize("flag", ["is_active", "is_demo"])
def test_some_are_not_reminded(ottilie: User, clock: Clock, flag: str) -> None:
    reminders.add(ottilie, EVENING, EVERY_DAY)
    User.objects.filter(pk=ottilie.pk).update(**{flag: flag == "is_demo"})
    clock.show("20:30")
    assert remind_due() == 0
    assert not Reminder.objects.filter(next_at__lte=timezone.now()).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("days", [set(), {7}, {-1}, {0, 9}])
def test_days_that_are_none_are_refused(ottilie: User, days: set[int]) -> None:
    with pytest.raises(Refused, match="day of the week"):
        reminders.add(ottilie, EVENING, days)


@pytest.mark.django_db
def test_the_same_time_again_gets_the_new_days_and_thirteen_times_are_too_many(ottilie: User) -> None:
    for hour in range(8, 20):
        reminders.add(ottilie, time(hour), EVERY_DAY)
    again = reminders.add(ottilie, time(8, 0, 30), {0})
    assert (again.at, again.weekdays) == (time(8), frozenset({0}))
    assert reminders.of(ottilie).count() == 12
    with pytest.raises(Refused, match="Twelve"):
        reminders.add(ottilie, time(21), EVERY_DAY)


@pytest.mark.django_db
def test_nobody_removes_anothers(ottilie: User, other: User) -> None:
    row = reminders.add(ottilie, EVENING, EVERY_DAY)
    assert not reminders.remove(other, row.pk)
    assert reminders.remove(ottilie, row.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_more_people_need_no_more_queries(clock: Clock, django_assert_max_num_queries: Any, number: int) -> None:
    for index in range(number):
        reminders.add(reachable(create_person(f"p{index}", "-", "Europe/Berlin")), EVENING, EVERY_DAY)
    clock.show("20:30")
    assert local_date(clock.now, "Europe/Berlin", time(4)) == date(2026, 11, 20)
    with django_assert_max_num_queries(17):
        assert remind_due() == number
