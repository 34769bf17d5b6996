"""Operating characteristics: what the chart does on lives in which the truth is known, beside what is required of it.

Every case is measured for the chart and for two naive rules on the same simulated lives. Conventions:
a year is 365 calendar days from the first monitored day; a change begins on a day drawn between 0 and 180 days after
it; "caught by day 21" means low on one of the 21 days that begin with the change, among people who weren't low on the
day before; an error is one standard error of the simulation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from journal.downswings.baseline import CALIBRATION_DAYS, Usual
from journal.downswings.chart import CALM, SENSITIVE, USUAL
from journal.downswings.evidence.naive import three_days_below, week_below
from journal.downswings.evidence.simulate import READING_NOISE, SD, Change, Kind, People, draw, ramp, step
from journal.downswings.many import Bools, Floats, Lives, charts

YEAR = 365
QUIET_DAYS = 90
LATEST_CHANGE = 180
RUN = 2500  # days after which a run without any flag is cut off, and counted as such
SETTLED = 100  # known-parameter days before the drop whose delay is measured
OFFSET = 0.5  # SDs between camera and slider, or between two models
BOTH = 0.25  # share of observed camera days that were answered, too
SHADOW_READINGS = 30  # behind the difference between two models
NOISE_ALLOWED = 2.0  # standard errors within which two rates count as the same ...
SAME_RATE = 0.02  # ... and so does one flag in fifty years: a switch that ends a low stretch may see it begin anew

Rule = Callable[[Lives], Bools]
RULES: dict[str, Rule] = {
    "chart": lambda lives: charts(lives).low,
    "three days below -1 SD": three_days_below,
    "a week below average": week_below,
}


@dataclass(frozen=True)
class Row:
    """One figure of one case; ``low`` and ``high`` bound what is required, None where nothing is."""

    case: str
    figure: str
    measured: float
    error: float
    low: float | None = None
    high: float | None = None
    naive: tuple[float, ...] = ()
    allowed: float = 0.0  # beyond the bounds, for differences that are zero in truth

    @property
    def met(self) -> bool | None:
        if self.low is None and self.high is None:
            return None
        above = self.low is None or self.measured >= self.low - self.allowed
        return above and (self.high is None or self.measured <= self.high + self.allowed)


Case = Callable[[np.random.Generator, int], Iterator[Row]]


def onsets(low: Bools) -> Bools:
    """Days on which a low stretch begins: the flags."""
    before = np.vstack([np.zeros((1, low.shape[1]), dtype=bool), low[:-1]])
    return np.asarray(low & ~before)


def row(case: str, figure: str, by_rule: list[Floats], low: float | None = None, high: float | None = None) -> Row:
    """The mean over people, for the chart first and then for the naive rules."""
    means = [float(values.mean()) for values in by_rule]
    error = float(by_rule[0].std() / np.sqrt(len(by_rule[0])))
    return Row(case, figure, means[0], error, low, high, tuple(means[1:]))


def known_parameters(rng: np.random.Generator, people: int) -> Iterator[Row]:
    case = "known mean and SD, independent days"
    in_control = known_low(rng, people, RUN, drop_on=RUN)
    flagged = in_control.any(axis=0)
    lengths = np.where(flagged, in_control.argmax(axis=0) + 1, RUN)
    length = float(lengths.sum() / flagged.sum())  # the mean of runs of which some were cut off
    error = length / float(np.sqrt(flagged.sum()))
    yield Row(case, "days until a flag in control", length, error, 0.9 * YEAR, 1.1 * YEAR)
    dropped = known_low(rng, people, SETTLED + YEAR, drop_on=SETTLED)
    calm = np.flatnonzero(onsets(dropped)[:SETTLED].sum(axis=0) == 0)
    after = dropped[SETTLED:, calm]
    delay = np.argmax(after, axis=0).astype(np.float64) + 1
    yield row(case, "days until a flag after a 1 SD drop", [delay], high=9.0)


def known_low(rng: np.random.Generator, people: int, days: int, drop_on: int) -> Bools:
    values = SD * rng.normal(size=(days, people))
    values[drop_on:] -= SD
    zero = np.zeros(people)
    known = Usual(zero, zero + SD, zero, zero + np.inf)
    return charts(Lives(values, np.full_like(values, np.nan)), known=known).low


def quiet(
    rng: np.random.Generator, people: int, case: str, kind: Kind, most: float, early: bool = False
) -> Iterator[Row]:
    """Flags a year, and how many people get one early, where nothing ever changes."""
    drawn = draw(rng, people, kind.days_until(YEAR), kind)
    day = drawn.days_from(drawn.since)
    flags = [onsets(rule(drawn.said())) & (day >= 0) for rule in RULES.values()]
    yield row(case, "flags a year", [(flag & (day < YEAR)).sum(axis=0) for flag in flags], high=most)
    if early:
        within = [(flag & (day < QUIET_DAYS)).any(axis=0).astype(float) for flag in flags]
        yield row(case, "flagged within 90 days", within, high=0.25)


def caught(
    rng: np.random.Generator, people: int, case: str, kind: Kind, change: Change, by: dict[int, float]
) -> Iterator[Row]:
    """The share of people whose change is noticed by day N: required, by N."""
    drawn = draw(rng, people, kind.days_until(LATEST_CHANGE + max(by)), kind)
    start = drawn.since + rng.integers(0, LATEST_CHANGE, people)
    changed = drawn.changed(change, start)
    day = changed.days_from(start)
    lows = [rule(changed.said()) for rule in RULES.values()]
    for last, share in by.items():
        yield row(case, f"caught by day {last}", [noticed(low, day, last) for low in lows], low=share)


def noticed(low: Bools, day: NDArray[np.int64], last: int) -> Floats:
    """1 for each person who is low within ``last`` days of the change, 0 for others; only who wasn't low before it."""
    free = np.flatnonzero((low & (day == -1)).sum(axis=0) == 0)
    hits = (low & (day >= 0) & (day < last))[:, free]
    return np.asarray(hits.any(axis=0), dtype=np.float64)


def sensitivities(rng: np.random.Generator, people: int) -> Iterator[Row]:
    """What each setting costs in quiet years, and how soon it notices a drop of 1 SD: the same lives for all three."""
    kind = Kind()
    calm_years = draw(rng, people, kind.days_until(YEAR), kind)
    quiet_day = calm_years.days_from(calm_years.since)
    drawn = draw(rng, people, kind.days_until(LATEST_CHANGE + 30), kind)
    start = drawn.since + rng.integers(0, LATEST_CHANGE, people)
    dropped, day = drawn.changed(step(-1.0), start), drawn.days_from(start)
    for name, width in {"calm": CALM, "usual": USUAL, "sensitive": SENSITIVE}.items():
        flags = onsets(charts(calm_years.said(), width=width).low) & (quiet_day >= 0) & (quiet_day < YEAR)
        yield row(f"sensitivity: {name}", "flags a year", [flags.sum(axis=0)])
        low = charts(dropped.said(), width=width).low
        for last in (21, 30):
            yield row(f"sensitivity: {name}", f"a 1 SD drop caught by day {last}", [noticed(low, day, last)])


def never(rng: np.random.Generator, people: int) -> Iterator[Row]:
    """Days on which nobody may be flagged."""
    days = 400
    nothing = np.full((days, people), np.nan)
    climb = np.sort(rng.normal(size=(days, people)), axis=0)
    climb = np.where(rng.random(climb.shape) < 0.2, np.nan, SD * climb)
    few = nothing.copy()
    few[: CALIBRATION_DAYS - 1] = SD * rng.normal(size=(CALIBRATION_DAYS - 1, people))
    few[CALIBRATION_DAYS // 2 : CALIBRATION_DAYS - 1] -= 2 * SD
    constant = np.broadcast_to(rng.uniform(-1, 1, people), (days, people))
    for case, values in (("a rise", climb), ("a constant series", constant),
                         ("27 days", few), ("nothing at all", nothing)):  # fmt: skip
        lives = Lives(values, nothing)
        yield row(case, "flags", [onsets(rule(lives)).sum(axis=0) for rule in RULES.values()], high=0.0)


def causality(rng: np.random.Generator, people: int) -> Iterator[Row]:
    """How many states of earlier days change when later days are added, at a change of everything."""
    drawn, start, seen = _seen(rng, people)
    now = int(np.median(start))
    said = np.where(rng.random(seen.shape) < BOTH, drawn.said().said - SD * (drawn.days_from(start) >= 0), np.nan)
    shadow = np.full(people, OFFSET * SD)
    whole = charts(Lives(said, seen, now - 1, shadow)).state[:now]
    cut = charts(Lives(said[:now], seen[:now], now - 1, shadow)).state
    yield row("later days are added", "earlier states changed", [(whole != cut).sum(axis=0)], high=0.0)


def sudden_rise(rng: np.random.Generator, people: int) -> Iterator[Row]:
    """A step up on noisy days, against the same people without it."""
    kind = Kind()
    drawn = draw(rng, people, kind.days_until(LATEST_CHANGE + QUIET_DAYS), kind)
    start = drawn.since + rng.integers(0, LATEST_CHANGE, people)
    risen = drawn.changed(step(1.5), start)
    yield more_flags("a sudden rise of 1.5 SD", drawn.said(), risen.said(), drawn.days_from(start), QUIET_DAYS)


def camera_then_slider(rng: np.random.Generator, people: int) -> Iterator[Row]:
    """The camera reads high; a quarter of its days are answered, too; from a day on there are only answers."""
    drawn, start, seen = _seen(rng, people)
    answered = np.where(rng.random(drawn.mood.shape) < BOTH, drawn.said().said, np.nan)
    day = drawn.days_from(start)
    unchanged = Lives(answered, seen + OFFSET * SD)
    case = "camera, then slider, 0.5 SD lower"
    changed = Lives(np.where(day >= 0, drawn.said().said, answered), np.where(day >= 0, np.nan, seen + OFFSET * SD))
    yield more_flags(case, unchanged, changed, day, YEAR)
    silent = replace(unchanged, said=np.full_like(seen, np.nan))
    changed = replace(changed, said=np.where(day >= 0, drawn.said().said, np.nan))
    yield more_flags(f"{case}, no day with both", silent, changed, day, YEAR, required=False)


def model_switch(rng: np.random.Generator, people: int) -> Iterator[Row]:
    """Camera days alone; from a day on another model reads them, and sees everybody lower."""
    drawn, start, seen = _seen(rng, people)
    switch = int(start.max())
    day = drawn.days_from(np.full(people, switch))
    switched = np.where(day >= 0, seen - OFFSET * SD, seen)
    nothing = np.full_like(seen, np.nan)
    error = READING_NOISE * SD * rng.normal(size=people) * np.sqrt(2 / SHADOW_READINGS)  # two models, both uncertain
    case = "the model switches, to 0.5 SD lower"
    differences = {"known": np.full(people, OFFSET * SD), "from 30 readings": OFFSET * SD + error, "unknown": 0 * error}
    for name, shadow in differences.items():
        changed = Lives(nothing, switched, switch, shadow)
        yield more_flags(f"{case}, {name}", Lives(nothing, seen), changed, day, YEAR, required=name == "known")


def _seen(rng: np.random.Generator, people: int) -> tuple[People, NDArray[np.int64], Floats]:
    kind = Kind()
    drawn = draw(rng, people, kind.days_until(LATEST_CHANGE + YEAR), kind)
    start = drawn.since + rng.integers(SETTLED, LATEST_CHANGE, people)
    return drawn, start, drawn.said().said + READING_NOISE * SD * rng.normal(size=drawn.mood.shape)


def more_flags(
    case: str, without: Lives, with_it: Lives, day: NDArray[np.int64], days: int, required: bool = True
) -> Row:
    """How many more flags a person gets in the ``days`` after the change than without it."""
    here = (day >= 0) & (day < days)
    more = [
        ((onsets(rule(with_it)) & here).sum(axis=0) - (onsets(rule(without)) & here).sum(axis=0)) * YEAR / days
        for rule in RULES.values()
    ]
    found = row(case, "more flags a year", more, high=0.0 if required else None)
    return replace(found, allowed=max(NOISE_ALLOWED * found.error, SAME_RATE))


CASES: dict[str, Case] = {
    "known": known_parameters,
    "quiet": partial(quiet, case="r 0.3, 20 % missing, no change", kind=Kind(), most=1.1, early=True),
    "step": partial(caught, case="1 SD step down", kind=Kind(), change=step(-1.0), by={21: 0.65, 30: 0.80}),
    "large step": partial(caught, case="1.5 SD step down", kind=Kind(), change=step(-1.5), by={21: 0.90}),
    "ramp": partial(caught, case="60-day ramp to -1.5 SD", kind=Kind(), change=ramp(-1.5, 60), by={60: 0.90}),
    "sparse": partial(quiet, case="45 % missing, no change", kind=Kind(missing=0.45), most=0.75),
    "sparse step": partial(
        caught, case="45 % missing, 1.5 SD step down", kind=Kind(missing=0.45), change=step(-1.5), by={21: 0.75}
    ),
    "r 0.5": partial(quiet, case="r 0.5, 20 % missing, no change", kind=Kind(r=0.5), most=1.3),
    "skewed": partial(quiet, case="left-skewed days, no change", kind=Kind(skewed=True), most=1.8),
    "sensitivity": sensitivities,
    "never": never,
    "causality": causality,
    "rise": sudden_rise,
    "source": camera_then_slider,
    "model": model_switch,
}
