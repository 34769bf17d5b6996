"""Logits -> figures on the three label sets: seven classes, five of them, and the mixture of all eight."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from inference.emotions import EMOTIONS
from training.calibrate import cross_fitted, fit_calibration, softmax
from training.datasets import vote_shares
from training.evaluate import Floats, Judged, figures, truth
from training.intervals import interval, resampled
from training.seven import SEVEN, by_class, majority_of, strongest
from training.sources import DataError

FIVE: Final = ("anger", "happiness", "sadness", "surprise", "neutral")


def score(logits: Floats, votes: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Every figure with its 95 % bootstrap interval, for logits N x 10 and votes N x 10.

    ``seven`` and ``five`` take the strongest class as it is, ``mixture`` intensities and cross-fitted thresholds.
    """
    meant = majority_of(votes, len(SEVEN))
    five = [EMOTIONS.index(name) for name in FIVE]
    return {
        "seven": strongest(logits, meant, range(len(SEVEN))),
        "five": strongest(logits, np.where(np.isin(meant, five), meant, -1), five),
        "mixture": _mixture(logits, votes),
    }


def _mixture(logits: Floats, votes: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Whatever the approach, its logits are calibrated as a bundle's are."""
    shares = vote_shares(votes)
    temperature, shift = fit_calibration(logits, shares)
    intensities, what = softmax(logits + shift, temperature)[:, : len(EMOTIONS)], truth(shares)
    judged = Judged(intensities, cross_fitted(intensities, what), what)
    found = figures(judged, resampled(len(logits)))
    true = what.true[what.kept]
    found["map"] = found["average_precision"][:, true.any(axis=0)].mean(axis=1)
    return {
        "faces": int(what.kept.sum()),
        "temperature": temperature,
        **{name: interval(found[name]) for name in ("micro_f1", "map", "brier", "share_ece")},
        **by_class(found, EMOTIONS, true),
    }


def absent(votes: npt.NDArray[np.int64]) -> tuple[str, ...]:
    """Those of the seven classes that no face shows, by the majority of its votes."""
    meant = set(majority_of(votes, len(SEVEN)).tolist())
    return tuple(name for number, name in enumerate(SEVEN) if number not in meant)


def check(train: npt.NDArray[np.int64], valid: npt.NDArray[np.int64]) -> None:
    """Raise ``DataError`` for votes that nothing can be told from: fewer than two classes in either split."""
    for split, votes, names in (("Train", train, EMOTIONS), ("Valid", valid, FIVE)):
        meant = set(majority_of(votes, len(EMOTIONS)).tolist()) & {EMOTIONS.index(name) for name in names}
        if len(meant) < 2:
            raise DataError(f"{split} has to show at least two of {', '.join(names)}, or nothing can be told apart.")
