"""What people are told about chance is what the simulation shows."""

from __future__ import annotations

import numpy as np
import pytest

from journal.downswings.costs import COSTS, often
from journal.downswings.evidence.operating import sensitivities
from journal.downswings.models import Sensitivity

FIGURES = {"flags a year": "flags", "a 1 SD drop caught by day 21": "by_21", "a 1 SD drop caught by day 30": "by_30"}


def test_the_figures_are_those_of_other_lives_too() -> None:
    rows = list(sensitivities(np.random.default_rng(11), 800))
    assert len(rows) == 9
    for row in rows:
        claimed = getattr(COSTS[Sensitivity(row.case.removeprefix("sensitivity: "))], FIGURES[row.figure])
        assert claimed == pytest.approx(row.measured, abs=4 * row.error), (row.case, row.figure)


@pytest.mark.parametrize(
    ("rate", "words"),
    [(0.34, "about once in 3 years"), (0.46, "about once in 2 years"), (0.99, "about once a year"),
     (1.4, "about once a year"), (1.95, "about 2 times a year")],
)  # fmt: skip
def test_a_rate_in_words(rate: float, words: str) -> None:
    assert often(rate) == words
