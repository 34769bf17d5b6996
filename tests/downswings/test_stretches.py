"""Points become stretches: where they begin and end, and which two are the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from journal.downswings.chart import chart
from journal.downswings.offsets import Day
from journal.downswings.stretches import Stretch, evidence, runs, stretches
from tests.downswings.test_chart import FIRST, every_day, quiet


def of(days: Sequence[Day], after: int = 1) -> list[Stretch]:
    points = chart(days)
    return stretches(points, points[-1].date + timedelta(days=after))


def number(day: date) -> int:
    return (day - FIRST).days


def test_a_quiet_life_has_none() -> None:
    assert of(every_day(quiet(200))) == []
    assert stretches([], FIRST) == []


def test_a_stretch_lasts_from_its_flag_to_its_last_low_day() -> None:
    days = every_day([*quiet(90), *[-0.5] * 20, *quiet(60)])
    (found,) = of(days)
    flag = next(p.date for p in chart(days) if p.flag)
    lows = [p for p in chart(days) if p.state == "low"]
    assert (found.start, found.end) == (flag, lows[-1].date)
    assert found.depth == min(p.z or 0 for p in lows)


def test_it_began_when_the_average_fell_below_the_middle_for_good() -> None:
    points = chart(every_day([*quiet(90), *[-0.5] * 20]))
    (found,) = stretches(points, points[-1].date + timedelta(days=1))
    assert found.began < found.start
    below = {point.date: (point.z or 0) < 0 for point in points}
    assert all(below[found.began + timedelta(days=n)] for n in range((found.start - found.began).days + 1))
    assert not below[found.began - timedelta(days=1)]
    assert abs(number(found.began) - 90) <= 5


def test_where_it_began_is_known_at_its_flag_and_later_days_dont_move_it() -> None:
    values = [*quiet(90), *[-0.5] * 20, *quiet(30)]
    flag = next(n for n, point in enumerate(chart(every_day(values))) if point.flag)
    assert {of(every_day(values[:length]))[0].began for length in (flag + 1, flag + 10, 140)} == {
        of(every_day(values))[0].began
    }


def test_only_noted_days_are_one_run_and_a_single_missing_one_is_bridged() -> None:
    days = [FIRST + timedelta(days=n) for n in (0, 1, 3, 6, 7, 20)]
    assert [(number(a), number(b)) for a, b in runs(days)] == [(0, 3), (6, 7), (20, 20)]
    assert runs([]) == []


def test_one_that_goes_on_has_no_end() -> None:
    (found,) = of(every_day([*quiet(90), *[-0.5] * 20]))
    assert found.goes_on
    assert found.end is None
    assert number(found.last) == 109


@pytest.mark.parametrize(("silent", "goes_on"), [(14, True), (15, False)])
def test_two_silent_weeks_end_it_before_anybody_comes_back(silent: int, goes_on: bool) -> None:
    (found,) = of(every_day([*quiet(90), *[-0.5] * 20]), after=silent)
    assert found.goes_on is goes_on


@pytest.mark.parametrize(("silent", "number_found"), [(16, 1), (40, 2)])
def test_low_before_and_after_a_silence_is_one_stretch_unless_it_was_long(silent: int, number_found: int) -> None:
    days = [*every_day([*quiet(90), *[-0.5] * 20]), *every_day([-0.5] * 20, start=110 + silent)]
    assert sum(p.flag for p in chart(days)) == 2
    found = of(days)
    assert len(found) == number_found
    assert found[-1].goes_on


def test_who_recovered_in_between_had_two() -> None:
    days = every_day([*quiet(90), *[-0.5] * 15, *[0.3] * 12, *[-0.6] * 15])
    first, second = of(days)
    assert second.start - first.last < timedelta(days=28)


# Low, then so few days that the chart has no opinion, good ones among them, and low again.
RECOVERED_UNSEEN = [*[-0.6] * 2, *[None] * 13, -0.1, *[None] * 13, *[0.9] * 3, *[-0.9] * 9]
LIFE = st.lists(
    st.tuples(st.sampled_from((None, -0.9, -0.6, -0.1, 0.3, 0.9)), st.integers(1, 14)), min_size=1, max_size=12
).map(lambda runs: [value for value, length in runs for _day in range(length)])


def sparse(values: Sequence[float | None]) -> list[Day]:
    """Sixty quiet days, and after them these; None for a day on which nothing was noted."""
    days = [*quiet(60), *values]
    return [Day(FIRST + timedelta(days=n), said=value) for n, value in enumerate(days) if value is not None]


def test_who_recovered_on_too_few_days_to_say_so_had_two() -> None:
    first, second = of(sparse(RECOVERED_UNSEEN))
    assert (first.goes_on, second.goes_on) == (False, True)
    assert first.end == first.last < second.start


@example(values=RECOVERED_UNSEEN)
@given(values=LIFE)
def test_at_most_the_last_goes_on_and_no_two_share_a_day(values: list[float | None]) -> None:
    found = of(sparse(values))
    assert not any(stretch.goes_on for stretch in found[:-1])
    assert all(stretch.began <= stretch.start for stretch in found)
    assert all(before.last < after.began for before, after in pairwise(found))


def test_a_model_switch_in_a_low_stretch_does_not_double_it() -> None:
    values = [*quiet(90), *[-0.5] * 40]
    days = [Day(FIRST + timedelta(n), seen=v, version="a" if n < 110 else "b") for n, v in enumerate(values)]
    assert sum(p.flag for p in chart(days)) == 2
    (found,) = of(days)
    assert found.goes_on


def test_the_evidence_counts_the_nine_newest_days() -> None:
    points = chart(every_day([*quiet(90), *[-0.5] * 5]))
    found = evidence(points)
    values = [p.value for p in points[-9:]]
    assert found.days == 9
    assert found.below == sum(v < found.usual for v in values)
    assert found.under_band == sum(v < found.usual - found.sd for v in values) == 6
    assert found.mean == pytest.approx(sum(values) / 9)
