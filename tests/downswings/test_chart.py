"""The chart of one person, step by step as the specification numbers them."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import inf, nan, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.downswings.baseline import Baseline, shrink
from journal.downswings.chart import CALM, SENSITIVE, USUAL, Point, State, chart, variance
from journal.downswings.offsets import BadDay, Day

FIRST = date(2024, 1, 1)
WAVE = (0.2, -0.1, 0.05, -0.2, 0.1, -0.05, 0.0)  # a quiet week, mean 0


def on(number: int, value: float) -> Day:
    return Day(FIRST + timedelta(number), value)


def every_day(values: Sequence[float], start: int = 0) -> list[Day]:
    return [on(start + number, value) for number, value in enumerate(values)]


def quiet(days: int) -> list[float]:
    return [WAVE[number % 7] for number in range(days)]


def flags(points: Sequence[Point]) -> list[int]:
    return [(point.date - FIRST).days for point in points if point.flag]


def test_the_first_28_days_are_for_getting_to_know_the_person() -> None:
    points = chart(every_day(quiet(30)))
    assert [point.state for point in points] == [State.CALIBRATING] * 28 + [State.USUAL] * 2
    assert points[27].z is None
    assert points[28].z is not None


def test_under_28_days_nothing_is_ever_flagged() -> None:
    assert not flags(chart(every_day(quiet(14) + [-1.0] * 13)))


def test_no_days_give_no_points() -> None:
    assert chart([]) == []


def test_a_drop_is_one_stretch_with_one_flag_and_ends_above_a_quarter_of_the_limit() -> None:
    points = chart(every_day([*quiet(120), *[-0.4] * 30, *quiet(60)]))
    assert len(flags(points)) == 1
    assert 120 <= flags(points)[0] <= 130
    low = [(point.date - FIRST).days for point in points if point.state is State.LOW]
    assert low == list(range(low[0], low[-1] + 1))
    after = points[low[-1] + 1]
    assert after.z is not None and after.limit is not None
    assert after.z > after.limit / 4
    last = points[low[-1]]
    assert last.z is not None and last.limit is not None
    assert last.z <= last.limit / 4


def test_a_day_joins_the_baseline_14_days_later() -> None:
    points = chart(every_day([*quiet(28), 0.9, *[0.0] * 20]))
    means = [point.mean for point in points]
    assert means[28:42] == pytest.approx([0.0] * 14)
    assert means[42] == pytest.approx(0.9 / 29)


def test_a_low_stretch_discards_the_days_that_wait_and_its_own() -> None:
    points = chart(every_day([*quiet(35), *[-0.6] * 10, *quiet(80)]))
    opened = flags(points)[0]
    closed = next(p for p in points[opened:] if p.state is State.USUAL)
    means = {round(p.mean, 12) for p in points[opened : (closed.date - FIRST).days + 14] if p.mean is not None}
    assert len(means) == 1  # nothing joins until 14 days after the stretch
    assert points[-1].mean == pytest.approx(0.0, abs=0.02)


def test_the_baseline_freezes_at_84_days() -> None:
    rising = [number / 400 for number in range(300)]
    means = [point.mean for point in chart(every_day(rising))]
    frozen = sum(rising[:84]) / 84
    assert means[83 + 14] == pytest.approx(frozen)
    assert means[82 + 14] != pytest.approx(frozen)
    assert means[-1] == pytest.approx(frozen)


@pytest.mark.parametrize(("silent", "restarts"), [(13, False), (14, True)])
def test_14_silent_days_start_z_anew(silent: int, restarts: bool) -> None:
    points = chart([*every_day(quiet(60)), on(60 + silent, -0.1)])
    z, mean, sd = points[-1].z, points[-1].mean, points[-1].sd
    assert z is not None and mean is not None and sd is not None
    assert (z == pytest.approx(0.1 * (-0.1 - mean) / sd)) is restarts


def test_a_low_stretch_does_not_survive_a_gap() -> None:
    points = chart([*every_day([*quiet(60), *[-0.6] * 10]), *every_day(quiet(20), start=90)])
    assert points[69].state is State.LOW
    assert State.LOW not in {point.state for point in points[70:]}


def test_fewer_than_ten_of_28_days_are_not_enough_to_say_anything() -> None:
    every_third = chart([*every_day(quiet(60)), *(on(day, 0.0) for day in range(62, 150, 3))])
    assert {point.state for point in every_third[28:]} == {State.USUAL}  # 10 of 28
    every_fourth = chart([*every_day(quiet(60)), *(on(day, 0.0 if day < 80 else -0.9) for day in range(63, 150, 4))])
    late = [point for point in every_fourth if (point.date - FIRST).days >= 90]
    assert {point.state for point in late} == {State.NOT_ENOUGH_DATA}
    assert not any(point.flag for point in every_fourth if (point.date - FIRST).days >= 90)


def test_one_terrible_day_counts_as_four_sds() -> None:
    before, after = chart(every_day([*quiet(90), -1.0]))[-2:]
    assert before.z is not None and after.z is not None
    assert after.z == pytest.approx(0.9 * before.z - 0.4)


def test_the_limit_is_what_the_specification_writes() -> None:
    n, m, r = 5.0, 40.0, 0.2
    expected = (0.1 / 1.9) * (1 - 0.9**10) * (1 + 0.9 * r) / (1 - 0.9 * r) + 0.5 * (1 + r) / ((1 - r) * m)
    assert variance(n, m, r) == pytest.approx(expected)
    first = chart(every_day(quiet(29)))[-1]
    r = (27 * _lag_one(quiet(28)) + 30 * 0.3) / 57
    assert first.limit == pytest.approx(-2.4 * sqrt(variance(1.0, 28.0, max(0.0, r))))


def _lag_one(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    off = [value - mean for value in values]
    products = sum(a * b for a, b in pairwise(off))
    return products / (len(off) - 1) / (sum(a * a for a in off) / len(off))


@pytest.mark.parametrize(
    ("found", "pairs", "r"), [(0.3, 5.0, 0.3), (1.0, 83.0, 0.6), (-1.0, 83.0, 0.0), (0.0, 30.0, 0.15)]
)
def test_autocorrelation_is_shrunk_and_clipped(found: float, pairs: float, r: float) -> None:
    assert shrink(found, pairs) == pytest.approx(r)


def test_the_baseline_is_the_textbooks_mean_sd_and_correlation() -> None:
    values = [random.Random(4).gauss(5, 2) for _ in range(50)] + [9.0, 9.5, 1.0]
    baseline = Baseline(0.0, values[0])
    for value in values:
        baseline.add(value, 0.0, 1.0)
    mean = sum(values) / len(values)
    usual = baseline.describe(0.0)
    assert usual.mean == pytest.approx(mean)
    assert usual.sd == pytest.approx(sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1)))
    assert usual.r == pytest.approx(shrink(_lag_one(values), len(values) - 1.0))


def test_the_floor_of_the_sd_is_five_per_cent_of_the_scale_or_of_the_range() -> None:
    nearly = [0.0, 0.001] * 20
    assert chart(every_day(nearly))[-1].sd == pytest.approx(0.1)
    assert chart(every_day(nearly), scale=(0, 10))[-1].sd == pytest.approx(0.5)
    assert chart(every_day(nearly), scale=None)[-1].sd == pytest.approx(0.0005, rel=0.05)
    one_in_84 = [*[0.0] * 40, 1.0, *[0.0] * 80]
    assert chart(every_day(one_in_84), scale=None)[-1].sd == pytest.approx(sqrt(1 / 84), rel=0.01)
    assert chart(every_day([5.0] * 40), scale=None)[-1].sd == 0.0


@given(value=st.floats(-1, 1), days=st.integers(0, 120), bounded=st.booleans())
def test_a_constant_series_is_never_flagged(value: float, days: int, bounded: bool) -> None:
    assert not flags(chart(every_day([value] * days), scale=(-1, 1) if bounded else None, width=SENSITIVE))


def test_a_constant_baseline_without_a_scale_waits_until_it_knows_a_spread() -> None:
    points = chart(every_day([0.5] * 28 + [0.1] * 12), scale=None)
    assert {point.z for point in points[28:]} == {0.0}


@given(values=st.lists(st.floats(-1, 1), max_size=150).map(sorted), bounded=st.booleans())
def test_a_rise_is_never_flagged(values: list[float], bounded: bool) -> None:
    assert not flags(chart(every_day(values), scale=(-1, 1) if bounded else None, width=SENSITIVE))


def drawn_days(seed: int, days: int, missing: float = 0.2) -> list[Day]:
    """A life with everything in it: gaps, dips, a camera, answers, and two models."""
    rng = random.Random(seed)
    found = []
    for number in range(days):
        if rng.random() < missing or seed % 60 < number % 120 < seed % 60 + 15:
            continue
        mood = max(-0.9, min(0.9, rng.gauss(-0.4 if number % 100 > 70 else 0.1, 0.2)))
        said = mood if rng.random() < 0.5 else None
        seen = mood + 0.1 if said is None or rng.random() < 0.5 else None
        version = "" if seen is None else "first" if number < days / 2 else "second"
        found.append(Day(FIRST + timedelta(number), said, seen, version))
    return found


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(0, 1))
def test_adding_later_days_never_changes_an_earlier_point(seed: int, share: float) -> None:
    days = drawn_days(seed, 200)
    kept = int(len(days) * share)
    assert chart(days[:kept], shadow={"second": -0.1}) == chart(days, shadow={"second": -0.1})[:kept]


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), cut=st.integers(0, 150), value=st.floats(-1, 1))
def test_editing_a_day_changes_only_that_day_and_later_ones(seed: int, cut: int, value: float) -> None:
    days = drawn_days(seed, 200)
    cut = min(cut, len(days) - 1)
    edited = [*days[:cut], days[cut]._replace(said=value), *days[cut + 1 :]]
    assert chart(edited)[:cut] == chart(days)[:cut]


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), times=st.floats(0.01, 1000), plus=st.floats(-1000, 1000))
def test_without_a_scale_neither_unit_nor_origin_matters(seed: int, times: float, plus: float) -> None:
    days = [Day(day.date, day.said if day.said is not None else day.seen) for day in drawn_days(seed, 200)]
    moved = [Day(day.date, (day.said or 0.0) * times + plus) for day in days]
    for one, other in zip(chart(days, scale=None), chart(moved, scale=None), strict=True):
        if one.z is not None:
            assert other.z == pytest.approx(one.z, abs=1e-5)


def test_a_calmer_chart_is_slower() -> None:
    days = every_day([*quiet(120), *[-0.15] * 30])
    sensitive, usual, calm = (flags(chart(days, width=width))[0] for width in (SENSITIVE, USUAL, CALM))
    assert sensitive < usual < calm


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ([on(0, 0.1), on(1, nan)], "2024-01-02 has the value nan, which is no number"),
        ([on(0, inf)], "2024-01-01 has the value inf"),
        ([Day(FIRST, None, -inf)], "2024-01-01 has the value -inf"),
        ([on(0, 1.5)], "2024-01-01 has the value 1.5, outside the scale -1 to 1"),
        ([Day(FIRST)], "2024-01-01 has no value"),
        ([on(3, 0.1), on(3, 0.2)], "2024-01-04 comes after 2024-01-04"),
        ([on(3, 0.1), on(2, 0.2)], "2024-01-03 comes after 2024-01-04"),
    ],
)
def test_a_day_that_cannot_be_used_is_named(days: list[Day], message: str) -> None:
    with pytest.raises(BadDay, match=message):
        chart(days)


def test_nan_is_no_number_without_a_scale_either() -> None:
    with pytest.raises(BadDay, match="no number"):
        chart([on(0, nan)], scale=None)


def test_ten_years_of_days_take_less_than_20_milliseconds() -> None:
    rng = random.Random(1)
    days = [Day(FIRST + timedelta(n), max(-1.0, min(1.0, rng.gauss(0.1, 0.25)))) for n in range(3652)]
    assert min(_cpu_seconds(days) for _ in range(25)) < 0.02


def _cpu_seconds(days: Sequence[Day]) -> float:
    started = time.process_time()
    chart(days)
    return time.process_time() - started
