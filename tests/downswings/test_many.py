"""The simulator runs the chart itself, not something like it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.downswings.chart import Point, chart
from journal.downswings.many import STATES, Lives, charts
from journal.downswings.offsets import Day

FIRST = date(2024, 1, 1)
DAYS, PEOPLE = 260, 6


def one_by_one(lives: Lives, person: int) -> dict[int, Point]:
    """The same person's life through the chart that people get."""
    days = []
    for number in np.flatnonzero(lives.observed[:, person]):
        said, seen = (
            None if np.isnan(v) else float(v) for v in (lives.said[number, person], lives.seen[number, person])
        )
        version = "" if seen is None else "second" if number >= lives.switch else "first"
        days.append(Day(FIRST + timedelta(int(number)), said, seen, version))
    points = chart(days, shadow={"second": float(lives.shadow[person])}, scale=(-9, 9))
    return {(point.date - FIRST).days: point for point in points}


def draw(seed: int, camera: float, voice: float, drop: float, holidays: int) -> Lives:
    """People with dips, long silences, a camera that reads high, and a second model."""
    rng = np.random.default_rng(seed)
    mood = rng.normal(size=(DAYS, PEOPLE)) * 1.5
    mood[DAYS // 2 : DAYS // 2 + 40] -= drop
    said = np.where(rng.random(mood.shape) < voice, mood, np.nan)
    seen = np.where(rng.random(mood.shape) < camera, mood + rng.normal(size=PEOPLE), np.nan)
    for start in rng.integers(0, DAYS, holidays):
        said[start : start + 17] = seen[start : start + 17] = np.nan
    said, seen = np.clip(said, -9, 9), np.clip(seen, -9, 9)
    return Lives(said, seen, switch=int(rng.integers(0, DAYS)), shadow=rng.normal(size=PEOPLE))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    camera=st.sampled_from([0.0, 0.3, 0.8]),
    voice=st.sampled_from([0.0, 0.4, 0.9]),
    drop=st.sampled_from([0.0, 1.0, 3.0]),
    holidays=st.integers(0, 4),
)
def test_it_says_what_the_chart_of_one_person_says(
    seed: int, camera: float, voice: float, drop: float, holidays: int
) -> None:
    lives = draw(seed, camera, voice, drop, holidays)
    many = charts(lives, scale=(-9, 9))
    for person in range(PEOPLE):
        points = one_by_one(lives, person)
        assert set(points) == set(np.flatnonzero(many.state[:, person] >= 0))
        for day, point in points.items():
            assert STATES[many.state[day, person]] == point.state
            assert many.flag[day, person] == point.flag
            if point.z is not None:
                np.testing.assert_allclose(many.z[day, person], point.z, rtol=0, atol=1e-9)
                np.testing.assert_allclose(many.limit[day, person], point.limit, rtol=0, atol=1e-9)


def test_the_drawn_lives_visit_every_state() -> None:
    seen = {STATES[s] for seed in range(8) for s in charts(draw(seed, 0.3, 0.4, 3.0, 4)).state.ravel() if s >= 0}
    assert seen == set(STATES)
