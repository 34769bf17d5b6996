from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score

from training.calibrate import cross_fitted, fit_calibration, fit_temperature, fit_thresholds, softmax
from training.datasets import vote_shares
from training.evaluate import Judged, average_precision, calibration_error, f1, figures, measure, truth
from training.intervals import interval, proportion, resampled


def votes(*rows: list[int]) -> np.ndarray:
    return np.array([row + [0] * (10 - len(row)) for row in rows])


def shares(*rows: list[int]) -> np.ndarray:
    return vote_shares(votes(*rows))


def judged(count: int, seed: int = 0) -> Judged:
    """A model that is often right about made-up faces."""
    random = np.random.default_rng(seed)
    drawn = np.stack([random.multinomial(10, p) for p in random.dirichlet(np.full(10, 0.2), count)])
    what = truth(vote_shares(drawn))
    intensities = np.clip(what.shares + random.normal(0, 0.15, what.shares.shape), 0, 1)
    return Judged(intensities, intensities >= 0.3, what)


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


def test_every_figure_agrees_with_scikit_learn_on_the_kept_faces() -> None:
    said = judged(500)
    kept = said.what.kept
    assert 300 < kept.sum() < 500
    found = figures(said, np.ones((1, 500)))
    true, present = said.what.true[kept], said.present[kept]
    for name, score in (("f1", f1_score), ("precision", precision_score), ("recall", recall_score)):
        assert found[name][0] == pytest.approx(score(true, present, average=None))
        for mean in ("macro", "micro"):
            assert found[f"{mean}_{name}"][0] == pytest.approx(score(true, present, average=mean))
    assert found["map"][0] == pytest.approx(average_precision_score(true, said.intensities[kept], average="macro"))


def test_a_resampled_figure_is_the_figure_of_the_repeated_faces() -> None:
    said = judged(300)
    weights = resampled(300, resamples=3, seed=5)
    found = figures(said, weights)
    for row in (1, 2, 3):
        rows = np.repeat(np.arange(300), weights[row].astype(int))
        what = said.what
        again = type(what)(what.majority[rows], what.true[rows], what.kept[rows], what.shares[rows])
        plain = figures(Judged(said.intensities[rows], said.present[rows], again), np.ones((1, 300)))
        for name, value in plain.items():
            assert found[name][row] == pytest.approx(value[0]), name


def test_intervals_cover_what_chance_does_and_are_the_same_each_time() -> None:
    right = np.random.default_rng(3).random(400) < 0.7
    weights = resampled(400)
    found = interval(weights @ right / 400)
    assert found == interval(resampled(400) @ right / 400)
    spread = 1.96 * np.sqrt(0.7 * 0.3 / 400)
    assert found["high"] - found["low"] == pytest.approx(2 * spread, rel=0.1)
    assert found["value"] == pytest.approx(right.mean(), abs=1e-4)
    assert found["low"] < found["value"] < found["high"]


def test_a_proportion_near_one_keeps_an_honest_interval() -> None:
    # Newcombe 1998, table of Wilson intervals: 34 of 34 -> 0.8985 to 1.
    assert proportion(34, 34)["low"] == pytest.approx(0.8985, abs=1e-4)
    assert proportion(34, 34)["high"] == 1.0
    assert proportion(0, 0)["high"] == 1.0


def test_calibration_error_is_nought_for_an_honest_and_large_for_a_boastful_model() -> None:
    random = np.random.default_rng(0)
    intensity = random.random(50_000)
    true = random.random(50_000) < intensity
    assert calibration_error(intensity, true) < 0.01
    assert calibration_error(np.ones(50_000), true) == pytest.approx(0.5, abs=0.02)


def test_an_intensity_that_is_the_vote_share_is_calibrated_to_it() -> None:
    said = judged(400)
    perfect = Judged(said.what.shares, said.what.true, said.what)
    found = figures(perfect, np.ones((1, 400)))
    assert found["share_ece"][0] == 0
    assert found["ece"][0] > 0.03
    half = Judged(said.what.shares / 2, said.what.true, said.what)
    gap = (said.what.shares / 2).mean()
    assert figures(half, np.ones((1, 400)))["share_ece"][0] == pytest.approx(gap)


def test_a_perfect_model_scores_one() -> None:
    wanted = shares([7, 3], [0, 10], [0, 0, 6, 4])
    scored = measure(wanted[:, :8], np.full(8, 0.3), truth(wanted))
    assert (scored["majority_accuracy"], scored["micro_f1"], scored["brier"]) == (1.0, 1.0, 0.0)


def test_temperature_undoes_what_was_overstated() -> None:
    random = np.random.default_rng(1)
    honest = random.normal(0, 1.5, (3000, 10))
    assert fit_temperature(honest * 2, softmax(honest, 1.0)) == pytest.approx(2.0, abs=0.02)


def test_a_shift_undoes_what_was_shown_too_often() -> None:
    honest, expected = np.random.default_rng(1).normal(0, 1.5, (3000, 10)), np.linspace(-0.9, 0.9, 10)
    temperature, shift = fit_calibration((honest + expected) * 2, softmax(honest, 1.0))
    assert temperature == pytest.approx(2.0, abs=0.02)
    assert shift == pytest.approx(-2 * expected, abs=0.05)


def test_thresholds_find_the_step_and_cross_fitting_judges_fairly() -> None:
    random = np.random.default_rng(2)
    intensity = random.uniform(0, 0.7, (600, 8))
    what = truth(np.concatenate([np.where(intensity > 0.45, 0.5, 0.0), np.zeros((600, 2))], axis=1))
    everything = type(what)(what.majority, what.true, np.ones(600, dtype=bool), what.shares)
    assert fit_thresholds(intensity, everything) == pytest.approx(np.full(8, 0.45), abs=0.02)
    assert (cross_fitted(intensity, everything) == what.true).mean() > 0.97
