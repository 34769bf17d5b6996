"""Logits -> figures on the three label sets: seven classes, five of them, and the mixture of all eight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from inference.emotions import EMOTIONS
from training.calibrate import cross_fitted, fit_temperature, softmax
from training.datasets import vote_shares
from training.evaluate import Floats, Judged, figures, present_figures, truth
from training.intervals import interval, resampled
from training.seven import SEVEN, majority_of

FIVE: Final = ("anger", "happiness", "sadness", "surprise", "neutral")
FIGURES: Final = ("precision", "recall", "f1")


def score(logits: Floats, votes: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Every figure with its 95 % bootstrap interval, for logits N x 10 and votes N x 10.

    ``seven`` and ``five`` take the strongest class, ``mixture`` calibrated intensities and cross-fitted thresholds.
    """
    meant = majority_of(votes, len(SEVEN))
    five = [EMOTIONS.index(name) for name in FIVE]
    return {
        "seven": _classes(logits, meant, range(len(SEVEN))),
        "five": _classes(logits, np.where(np.isin(meant, five), meant, -1), five),
        "mixture": _mixture(logits, votes),
    }


def _classes(logits: Floats, meant: npt.NDArray[np.int64], classes: Sequence[int]) -> dict[str, Any]:
    judged = meant >= 0
    numbers = np.array(classes)
    said = numbers[logits[judged][:, numbers].argmax(axis=1)]
    found = present_figures(said[:, None] == numbers, meant[judged][:, None] == numbers, resampled(int(judged.sum())))
    # One label a face: micro F1 of one-hot sets is accuracy.
    return {"faces": int(judged.sum()), "accuracy": interval(found["micro_f1"])} | _named(
        found, [EMOTIONS[number] for number in classes]
    )


def _mixture(logits: Floats, votes: npt.NDArray[np.int64]) -> dict[str, Any]:
    shares = vote_shares(votes)
    what, temperature = truth(shares), fit_temperature(logits, shares)
    intensities = softmax(logits, temperature)[:, : len(EMOTIONS)]
    judged = Judged(intensities, cross_fitted(intensities, what), what)
    found = figures(judged, resampled(len(logits)))
    return {
        "faces": int(what.kept.sum()),
        "temperature": temperature,
        **{name: interval(found[name]) for name in ("micro_f1", "map", "brier", "share_ece")},
        **_named(found, EMOTIONS),
    }


def _named(found: dict[str, Floats], names: Sequence[str]) -> dict[str, Any]:
    """Macro figures, and those of each class."""
    return {
        **{f"macro_{figure}": interval(found[f"macro_{figure}"]) for figure in FIGURES},
        "classes": {
            name: {figure: interval(found[figure][:, i]) for figure in FIGURES} for i, name in enumerate(names)
        },
    }
