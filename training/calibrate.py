"""Validation faces -> a temperature, a shift of each output, and a threshold an emotion."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from inference.emotions import EMOTIONS
from training.evaluate import Bools, Floats, Truth, f1

# Viewers disagree about rare emotions and networks name them faintly, so their best thresholds are low; lower than
# this, most of what a bundle called present would not be there.
CANDIDATES: Final = np.arange(0.08, 0.601, 0.01)
# F1 hardly changes between 0.18 and 0.3, so the best of it on some thousand faces is partly luck. A threshold that is
# further from the usual one by 0.1 has to be better by 0.02.
USUAL_THRESHOLD: Final = 0.2
CAUTION: Final = 0.2
# Faces that can all be told apart would have no temperature at all.
COLDEST, HOTTEST = 0.3, 3.0
# Adding the same to all outputs changes nothing; this makes the shifts that add up to nothing the best.
TIES: Final = 1e-4


def softmax(logits: Floats, temperature: float) -> Floats:
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def fit_temperature(logits: Floats, shares: Floats) -> float:
    """The temperature with the least cross-entropy to the vote shares, N x 10 both (Guo et al. 2017)."""

    def loss(temperature: float) -> float:
        return float(-(shares * np.log(softmax(logits, temperature) + 1e-9)).sum(axis=1).mean())

    return round(float(minimize_scalar(loss, bounds=(COLDEST, HOTTEST), method="bounded").x), 4)


def fit_calibration(logits: Floats, shares: Floats) -> tuple[float, Floats]:
    """The temperature, and with it what to add to each output first, with the least cross-entropy to the vote shares.

    A network that was shown rare emotions more often than they are, or that learned from viewers who say
    "neutral" less, expects what it was shown; shifted, it names each as often as these viewers do. (Guo et al. 2017:
    vector scaling, with one scale for all.)
    """

    def loss(numbers: Floats) -> float:
        shares_of = softmax(logits + numbers[1:], np.exp(numbers[0]))
        return float(-(shares * np.log(shares_of + 1e-9)).sum(axis=1).mean() + TIES * (numbers[1:] ** 2).sum())

    start = np.append(np.log(fit_temperature(logits, shares)), np.zeros(logits.shape[1]))
    bounds = [(np.log(COLDEST), np.log(HOTTEST)), *[(None, None)] * logits.shape[1]]
    best = minimize(loss, start, method="L-BFGS-B", bounds=bounds).x
    return round(float(np.exp(best[0])), 4), best[1:]


def fit_thresholds(intensities: Floats, what: Truth) -> Floats:
    """For each emotion the threshold with the best F1 on the kept faces, drawn towards 0.2."""
    kept, true = intensities[what.kept], what.true[what.kept]
    return np.array([_best(kept[:, i], true[:, i]) for i in range(len(EMOTIONS))])


def _best(intensity: Floats, true: Bools) -> float:
    distance = np.abs(CANDIDATES - USUAL_THRESHOLD)
    scores = np.array([f1(intensity >= c, true) for c in CANDIDATES]) - CAUTION * distance
    return round(float(CANDIDATES[scores.argmax()]), 2)


def cross_fitted(intensities: Floats, what: Truth, folds: int = 5, seed: int = 0) -> Bools:
    """Present sets N x 8 where no face is judged by thresholds that saw it."""
    fold = np.random.default_rng(seed).permutation(len(intensities)) % folds
    present = np.zeros((len(intensities), len(EMOTIONS)), dtype=bool)
    for number in range(folds):
        rest = fold != number
        part = Truth(what.majority[rest], what.true[rest], what.kept[rest], what.shares[rest])
        present[~rest] = intensities[~rest] >= fit_thresholds(intensities[rest], part)
    return present
