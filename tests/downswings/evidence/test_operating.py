"""Every row of the table of operating characteristics, on a smaller run with a seed of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from journal.downswings.evidence.naive import three_days_below, week_below
from journal.downswings.evidence.operating import CASES, Row, onsets
from journal.downswings.evidence.simulate import Kind, autoregression, draw, left_skewed
from journal.downswings.many import Lives

PEOPLE = 500
DOUBT = 3.0  # standard errors by which the smaller run may miss
REQUIRED = {  # downswings.md, "Operating characteristics": how many bounded figures each case has
    "known": 2, "quiet": 2, "step": 2, "large step": 1, "ramp": 1, "sparse": 1, "sparse step": 1, "r 0.5": 1,
    "skewed": 1, "sensitivity": 0, "never": 4, "causality": 1, "rise": 1, "source": 1, "model": 1,
}  # fmt: skip


def run(case: str, people: int = PEOPLE) -> list[Row]:
    return list(CASES[case](np.random.default_rng([7, *case.encode()]), people))


@pytest.mark.parametrize("case", CASES)
def test_the_chart_does_what_is_required_of_it(case: str) -> None:
    rows = [row for row in run(case) if row.met is not None]
    assert len(rows) == REQUIRED[case]
    for row in rows:
        lenient = replace(row, allowed=max(row.allowed, DOUBT * row.error))
        assert lenient.met, f"{row.case}, {row.figure}: {row.measured:.3f} +- {row.error:.3f}"


def test_an_offset_that_nobody_could_measure_does_cost_flags() -> None:
    """Else the two cases above would pass however the chart treats offsets."""
    rows = {row.case: row.measured for case in ("source", "model") for row in run(case)}
    assert rows["camera, then slider, 0.5 SD lower, no day with both"] > 1
    assert rows["the model switches, to 0.5 SD lower, unknown"] > 1


def test_naive_rules_cry_wolf_on_the_same_quiet_days() -> None:
    flags, early = run("quiet")
    assert early.figure == "flagged within 90 days"
    assert all(share > 2 * early.measured for share in early.naive)
    assert all(rate > 2 * flags.measured for rate in flags.naive)


def test_a_year_of_quiet_days_is_drawn_as_it_is_described() -> None:
    rng = np.random.default_rng(3)
    mood = autoregression(rng, 400, 300, r=0.3)
    assert mood.std() == pytest.approx(1, abs=0.02)
    assert np.corrcoef(mood[1:].ravel(), mood[:-1].ravel())[0, 1] == pytest.approx(0.3, abs=0.02)
    skewed = left_skewed(mood)
    assert (skewed.mean(), skewed.std()) == pytest.approx((0, 1), abs=0.03)
    assert (skewed**3).mean() == pytest.approx(-1, abs=0.1)
    people = draw(rng, 400, 300, Kind(missing=0.45))
    assert people.observed.mean() == pytest.approx(0.55, abs=0.01)
    before = np.arange(300)[:, None] < people.since
    assert set((people.observed & before).sum(axis=0)) == {28}


def lives(values: list[float]) -> Lives:
    said = np.array(values)[:, None]
    return Lives(said, np.full_like(said, np.nan))


def test_naive_rules_count_observed_days_in_a_row() -> None:
    usual = [0.1, -0.1] * 14
    three = three_days_below(lives([*usual, -0.5, -0.5, np.nan, -0.5, -0.5, 0.5, -0.1, -0.1, -0.1]))[:, 0]
    assert list(np.flatnonzero(three)) == [31, 32]
    week = week_below(lives([*usual, *[-0.05] * 8, 0.3]))[:, 0]
    assert list(np.flatnonzero(week)) == [34, 35]
    assert onsets(week[:, None]).sum() == 1


def simulated(*options: str) -> str:
    out = StringIO()
    call_command("simulate_downswings", "--series", "60", *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_prints_every_case_with_what_is_required_and_measured() -> None:
    printed = simulated()
    for words in ("required", "measured", "three days below -1 SD", "a week below average",
                  "328.5 to 401.5", ">= 0.650", "45 % missing", "a rise", "later days are added"):  # fmt: skip
        assert words in printed


def test_the_commands_json_is_the_same_for_the_same_seed() -> None:
    first, again, other = (json.loads(simulated("--json", "--seed", seed)) for seed in ("5", "5", "6"))
    assert first == again != other
    assert {"case", "figure", "measured", "error", "low", "high", "naive", "met"} <= set(first[0])


def test_the_step_and_the_ramp_can_be_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="drawing is an extra")
    simulated("--plot", str(tmp_path / "changes.png"))
    assert (tmp_path / "changes.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("options", [{"series": 1}, {"seed": -1}])
def test_impossible_numbers_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(CommandError, match="at least two"):
        call_command("simulate_downswings", **options)
