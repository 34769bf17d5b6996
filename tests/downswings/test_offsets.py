"""A change of who speaks, the person or a camera, must not look like a change of mood."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from journal.downswings.chart import Point, State, chart
from journal.downswings.offsets import Day

FIRST = date(2024, 1, 1)
WAVE = (0.2, -0.1, 0.05, -0.2, 0.1, -0.05, 0.0)
HIGH = 0.3  # what this camera sees above what the person says


def both(number: int) -> Day:
    return Day(FIRST + timedelta(number), WAVE[number % 7], WAVE[number % 7] + HIGH, "first")


def camera(number: int, version: str = "first", offset: float = HIGH) -> Day:
    return Day(FIRST + timedelta(number), None, WAVE[number % 7] + offset, version)


def slider(number: int) -> Day:
    return Day(FIRST + timedelta(number), WAVE[number % 7])


def z(point: Point) -> float:
    assert point.z is not None
    return point.z


@pytest.mark.parametrize(("pairs", "shift"), [(9, 0.0), (10, -HIGH)])
def test_a_camera_day_is_shifted_once_ten_earlier_days_have_both(pairs: int, shift: float) -> None:
    points = chart([*map(both, range(pairs)), camera(pairs)])
    assert points[-1].value == pytest.approx(WAVE[pairs % 7] + HIGH + shift)


def test_what_the_person_said_counts_and_is_never_shifted() -> None:
    assert [point.value for point in chart(map(both, range(40)))] == [WAVE[n % 7] for n in range(40)]


def test_the_baselines_camera_days_are_shifted_too_once_the_difference_is_known() -> None:
    days = [*map(camera, range(28)), *map(both, range(28, 38)), *map(slider, range(38, 42))]
    points = chart(days)
    assert points[37].mean == pytest.approx(HIGH)
    assert points[38].mean == pytest.approx(0.0)


def test_from_camera_to_slider_after_days_with_both_nothing_is_flagged() -> None:
    days = [both(n) if n % 3 == 0 else camera(n) for n in range(90)] + [slider(n) for n in range(90, 180)]
    assert not any(point.flag for point in chart(days))


def test_without_days_with_both_the_same_change_cannot_be_told_from_a_low() -> None:
    assert any(point.flag for point in chart([*map(camera, range(90)), *map(slider, range(90, 180))]))


def test_another_model_starts_z_anew_and_is_put_on_the_first_ones_scale() -> None:
    days = [*map(camera, range(60)), *(camera(n, "second", offset=-0.2) for n in range(60, 120))]
    points = chart(days, shadow={"second": HIGH + 0.2})
    assert points[60].value == pytest.approx(WAVE[60 % 7] + HIGH)
    assert points[60].mean is not None and points[60].sd is not None
    assert z(points[60]) == pytest.approx(0.1 * (points[60].value - points[60].mean) / points[60].sd)
    assert not any(point.flag for point in points)


def test_a_third_model_is_told_by_the_second() -> None:
    days = [camera(0, "first", 0.0), camera(7, "second", -0.1), camera(14, "third", -0.3)]
    assert [p.value for p in chart(days, shadow={"second": 0.1, "third": 0.2})] == pytest.approx([WAVE[0]] * 3)


def test_no_flag_opens_within_seven_days_of_a_switch_on_camera_days_alone() -> None:
    low = [Day(FIRST + timedelta(n), None, -0.9, "second") for n in range(60, 75)]
    points = chart([*map(camera, range(60)), *low])
    assert [(point.date - FIRST).days for point in points if point.flag] == [67]


def test_the_persons_own_word_can_open_one_even_then() -> None:
    low = [Day(FIRST + timedelta(n), -0.9, -0.9, "second") for n in range(60, 75)]
    points = chart([*map(camera, range(60)), *low])
    assert next((point.date - FIRST).days for point in points if point.flag) < 67


def test_a_switch_ends_a_low_stretch() -> None:
    low = [Day(FIRST + timedelta(n), -0.9, -0.9, "first") for n in range(60, 75)]
    points = chart([*map(camera, range(60)), *low, camera(75, "second")])
    assert (points[74].state, points[75].state) == (State.LOW, State.USUAL)
