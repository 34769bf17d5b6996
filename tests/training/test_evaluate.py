from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score

from training.calibrate import cross_fitted, fit_temperature, fit_thresholds, softmax
from training.datasets import vote_shares
from training.evaluate import average_precision, calibration_error, f1, measure, truth


def shares(*votes: list[int]) -> np.ndarray:
    return vote_shares(np.array([row + [0] * (10 - len(row)) for row in votes]))


def test_majority_needs_more_than_half_and_an_emotion() -> None:
    what = truth(shares([6, 4], [5, 5], [0, 0, 7, 3], [2, 0, 0, 0, 0, 0, 0, 0, 8, 0]))
    assert what.majority.tolist() == [0, -1, 2, -1]


def test_multi_label_takes_shares_from_three_tenths() -> None:
    what = truth(shares([7, 3], [8, 2], [3, 0, 0, 0, 0, 0, 0, 0, 7, 0], [2, 2, 2, 2, 2]))
    assert [row.nonzero()[0].tolist() for row in what.true] == [[0, 1], [0], [0], []]
    assert what.kept.tolist() == [True, True, False, False]


def test_f1_and_average_precision_agree_with_scikit_learn() -> None:
    random = np.random.default_rng(0)
    intensity, true = random.random(400), random.random(400) < 0.2
    assert f1(intensity > 0.6, true) == pytest.approx(f1_score(true, intensity > 0.6))
    assert average_precision(intensity, true) == pytest.approx(average_precision_score(true, intensity))


def test_calibration_error_is_nought_for_an_honest_and_large_for_a_boastful_model() -> None:
    random = np.random.default_rng(0)
    intensity = random.random(50_000)
    true = random.random(50_000) < intensity
    assert calibration_error(intensity, true) < 0.01
    assert calibration_error(np.ones(50_000), true) == pytest.approx(0.5, abs=0.02)


def test_a_perfect_model_scores_one() -> None:
    wanted = shares([7, 3], [0, 10], [0, 0, 6, 4])
    figures = measure(wanted[:, :8], np.full(8, 0.3), truth(wanted))
    assert (figures["majority_accuracy"], figures["micro_f1"], figures["brier"]) == (1.0, 1.0, 0.0)


def test_temperature_undoes_what_was_overstated() -> None:
    random = np.random.default_rng(1)
    honest = random.normal(0, 1.5, (3000, 10))
    assert fit_temperature(honest * 2, softmax(honest, 1.0)) == pytest.approx(2.0, abs=0.02)


def test_thresholds_find_the_step_and_cross_fitting_judges_fairly() -> None:
    random = np.random.default_rng(2)
    intensity = random.uniform(0, 0.7, (600, 8))
    what = truth(np.concatenate([np.where(intensity > 0.45, 0.5, 0.0), np.zeros((600, 2))], axis=1))
    everything = type(what)(what.majority, what.true, np.ones(600, dtype=bool), what.shares)
    assert fit_thresholds(intensity, everything) == pytest.approx(np.full(8, 0.45), abs=0.02)
    assert (cross_fitted(intensity, everything) == what.true).mean() > 0.97
