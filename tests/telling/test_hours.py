"""Quiet hours: the wall clock, midnight, and the two nights on which it jumps."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.telling import hours
from journal.telling.hours import Hours, wait_for_all

BERLIN = "Europe/Berlin"
NIGHT = Hours(time(22), time(7))


def moment(day: str, clock: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(BERLIN), fold=fold)


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("06:59", True), ("07:00", False)],
)
def test_across_midnight(clock: str, quiet: bool) -> None:
    assert NIGHT.cover(time.fromisoformat(clock)) is quiet


def test_within_a_day_and_none_at_all() -> None:
    nap = Hours(time(13), time(15))
    assert [nap.cover(time(hour)) for hour in (12, 13, 14, 15)] == [False, True, True, False]
    assert not any(Hours(time(9), time(9)).cover(time(hour)) for hour in range(24))


@pytest.mark.parametrize(
    ("day", "clock", "end"), [("2026-11-20", "23:00", "2026-11-21"), ("2026-11-21", "03:00", "2026-11-21")]
)
def test_it_waits_for_the_next_end(day: str, clock: str, end: str) -> None:
    assert NIGHT.wait(moment(day, clock), BERLIN) == moment(end, "07:00")


def test_outside_there_is_nothing_to_wait_for() -> None:
    noon = moment("2026-11-20", "12:00")
    assert NIGHT.wait(noon, BERLIN) == noon


def test_where_the_clock_shows_an_hour_twice_the_end_still_comes() -> None:
    hours = Hours(time(1), time(2, 30))
    first, second = moment("2026-10-25", "02:30"), moment("2026-10-25", "02:30", fold=1)
    assert hours.wait(moment("2026-10-25", "02:15"), BERLIN) == first.astimezone(UTC)
    assert hours.wait(moment("2026-10-25", "02:15", fold=1), BERLIN) == second.astimezone(UTC)


def test_an_end_in_the_hour_that_is_left_out_comes_all_the_same() -> None:
    hours = Hours(time(22), time(2, 30))
    end = hours.wait(moment("2026-03-29", "01:45"), BERLIN)
    assert end == moment("2026-03-29", "03:30").astimezone(UTC)


CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
ZONES = st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Cairo", "UTC"])


@given(CLOCKS, CLOCKS, MOMENTS, ZONES)
def test_it_never_looks_back_nor_waits_longer_than_a_day(start: time, end: time, now: datetime, zone: str) -> None:
    hours = Hours(start, end)
    free = hours.wait(now, zone)
    assert now <= free <= now + timedelta(hours=25)
    quiet = hours.cover(now.astimezone(ZoneInfo(zone)).time())
    assert (free == now) or quiet


def test_hours_that_follow_each_other_are_waited_out_together() -> None:
    own = Hours(time(8), time(10, 30))
    night = datetime(2026, 11, 16, 4, 5, tzinfo=ZoneInfo(BERLIN))
    assert wait_for_all([own, hours.NIGHT], night, BERLIN) == datetime(2026, 11, 16, 10, 30, tzinfo=ZoneInfo(BERLIN))
    assert wait_for_all([hours.NIGHT], night, BERLIN) == datetime(2026, 11, 16, 9, tzinfo=ZoneInfo(BERLIN))
    assert wait_for_all([], night, BERLIN) == night


def test_hours_that_leave_no_hour_end_where_the_person_s_own_end() -> None:
    day = Hours(time(9), time(21))
    noon = datetime(2026, 11, 16, 12, tzinfo=ZoneInfo(BERLIN))
    assert wait_for_all([day, hours.NIGHT], noon, BERLIN) == datetime(2026, 11, 16, 21, tzinfo=ZoneInfo(BERLIN))
