from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from inference.emotions import EMOTIONS
from journal.accounts.models import User
from journal.moods import tags
from journal.moods.history import Grain, Span, calendar, series, usual
from journal.moods.patterns import compared, lag_one, what_goes_with, when
from journal.moods.valence import WEIGHTS
from journal.registry.models import ModelVersion
from tests.moods.test_rollup import MONDAY, check_in, reading

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def span(days: int, end: date = MONDAY) -> Span:
    return Span(end - (days - 1) * DAY, end)


@pytest.mark.parametrize(("days", "grain"), [(1, "hour"), (14, "hour"), (15, "day"), (732, "day"), (734, "week")])
def test_the_grain_follows_the_span(days: int, grain: str) -> None:
    assert span(days).grain() == grain


def test_days_that_hold_nothing_are_left_out(person: User, version: ModelVersion) -> None:
    reading(person, version, MONDAY, happiness=0.5, neutral=0.5)
    check_in(person, MONDAY - 2 * DAY, valence=-0.5)
    found = series(person, span(30))
    assert [(point.at, point.valence, point.said) for point in found.points] == [
        ("2026-11-14", -0.5, True),
        ("2026-11-16", pytest.approx(0.5 * WEIGHTS["happiness"]), False),
    ]
    assert found.points[0].mixture is None
    assert dict(zip(EMOTIONS, found.points[1].mixture or (), strict=True))["happiness"] == 0.5


def test_weeks_and_months_are_means_of_their_days(person: User) -> None:
    for day, value in ((MONDAY, 0.1), (MONDAY + DAY, 0.3), (MONDAY - DAY, -1.0)):
        check_in(person, day, valence=value)
    weeks = series(person, span(30, MONDAY + DAY), Grain.WEEK).points
    assert [(p.at, p.valence) for p in weeks] == [("2026-11-09", -1.0), ("2026-11-16", pytest.approx(0.2))]
    months = series(person, span(30, MONDAY + DAY), Grain.MONTH).points
    assert [(p.at, p.valence) for p in months] == [("2026-11-01", pytest.approx(-0.2))]


def test_hours_stand_at_their_local_time_and_what_was_said_outranks_what_was_seen(
    person: User, version: ModelVersion
) -> None:
    wrong = reading(person, version, MONDAY, hour=8, sadness=1)
    reading(person, version, MONDAY, hour=9, happiness=1)
    check_in(person, MONDAY, reading=wrong, felt_right=False)
    named = reading(person, version, MONDAY, hour=10, happiness=1)
    check_in(person, MONDAY, reading=named, felt_right=False, emotions=["sadness"])
    check_in(person, MONDAY, valence=0.25)
    points = series(person, span(1)).points
    assert [(p.at[11:], p.said) for p in points] == [("09:00", False), ("10:00", True), ("12:00", True)]
    assert points[1].valence == WEIGHTS["sadness"]


def test_the_mean_of_seven_days_needs_three_and_forgets_the_eighth(person: User) -> None:
    for ago, value in ((20, 1.0), (3, 0.0), (2, 0.3), (0, 0.6)):
        check_in(person, MONDAY - ago * DAY, valence=value)
    assert series(person, span(30)).smooth == [None, None, None, pytest.approx(0.3)]


def test_usual_is_silent_until_there_are_enough_days(person: User) -> None:
    for ago in range(13):
        check_in(person, MONDAY - ago * DAY, valence=0.2 if ago % 2 else 0.4)
    assert usual(person, MONDAY) is None
    check_in(person, MONDAY - 13 * DAY, valence=0.2)
    band = usual(person, MONDAY)
    assert band is not None
    assert 0.15 < band[0] < 0.3 < band[1] < 0.45


def test_the_calendar_tells_camera_and_words_apart(person: User, version: ModelVersion) -> None:
    reading(person, version, MONDAY - DAY, happiness=1)
    check_in(person, MONDAY, valence=-0.5)
    assert calendar(person) == [("2026-11-15", WEIGHTS["happiness"], False), ("2026-11-16", -0.5, True)]


def test_when_counts_by_weekday_and_local_hour(person: User, version: ModelVersion) -> None:
    reading(person, version, MONDAY, hour=9, happiness=1)
    reading(person, version, MONDAY - 7 * DAY, hour=9, sadness=1)
    (cell,) = when(person)
    assert (cell.weekday, cell.hour, cell.count) == (0, 9, 2)
    assert cell.valence == pytest.approx((WEIGHTS["happiness"] + WEIGHTS["sadness"]) / 2)


def test_what_goes_with_what_says_nothing_under_ten_days(person: User) -> None:
    sea = tags.make(person, "sea", "sea", "place")
    for ago in range(19):
        row = check_in(person, MONDAY - ago * DAY, valence=0.6 + 0.01 * ago if ago < 9 else 0.1)
        if ago < 9:
            row.tags.set([sea.id])
    assert what_goes_with(person) == []
    check_in(person, MONDAY - 30 * DAY, valence=0.62).tags.set([sea.id])
    (goes,) = what_goes_with(person)
    assert (goes.tag, goes.days, goes.could_be_chance) == (sea.id, 10, False)
    assert goes.low < goes.difference < goes.high


def test_tags_without_a_single_valence_go_with_nothing(person: User) -> None:
    check_in(person, MONDAY, valence=None).tags.set([tags.make(person, "rain", "rain", "other").id])
    assert what_goes_with(person) == []


def test_an_interval_around_nothing_could_be_chance(person: User) -> None:
    rain = tags.make(person, "rain", "rain", "other")
    for ago in range(24):
        row = check_in(person, MONDAY - ago * DAY, valence=(-0.5, 0.5)[ago // 2 % 2])
        if ago % 2:
            row.tags.set([rain.id])
    assert what_goes_with(person)[0].could_be_chance


def test_each_chart_takes_one_or_two_queries(
    person: User, version: ModelVersion, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    for ago in range(40):
        check_in(person, MONDAY - ago * DAY, valence=0.1)
        reading(person, version, MONDAY - ago * DAY, neutral=1)
    asked: list[Callable[[], object]] = [
        lambda: series(person, span(30)),
        lambda: calendar(person),
        lambda: when(person),
        lambda: what_goes_with(person),
    ]
    for ask in asked:
        with django_assert_max_num_queries(2):
            ask()
    with django_assert_max_num_queries(3):  # readings, check-ins and the band
        series(person, span(7))


def found_by_chance(alike: float, run: int, lives: int = 400, days: int = 120) -> float:
    """How often an interval leaves zero out where a tag does nothing, for alike days and a tag that comes in runs."""
    dice, told = np.random.default_rng(1), 0
    for _life in range(lives):
        values = np.zeros(days)
        for number in range(1, days):
            values[number] = alike * values[number - 1] + dice.normal(0, (1 - alike**2) ** 0.5)
        own = np.repeat(dice.random(days // run + 1) < 0.5, run)[:days]
        goes = compared(uuid.uuid4(), values, own, lag_one(values))
        told += goes is not None and not goes.could_be_chance
    return told / lives


@pytest.mark.parametrize(("alike", "run"), [(0.0, 1), (0.3, 7), (0.5, 7)])
def test_chance_seldom_looks_like_an_effect(alike: float, run: int) -> None:
    assert found_by_chance(alike, run) < 0.085
