"""The FER+ protocol: majority accuracy, and F1, mAP and calibration of the mixture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from inference.emotions import EMOTIONS

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]
TRUE_SHARE: Final = 0.3
KEPT_SHARE: Final = 0.5
BINS: Final = 15


@dataclass(frozen=True)
class Truth:
    """What the viewers said of N faces, by the paper's own rules.

    ``majority``: index of the emotion that more than half chose, -1 where there is none. ``true``: N x 8,
    the emotions at a share of at least 0.3. ``kept``: faces whose true emotions hold more than half the votes.
    ``shares``: N x 8.
    """

    majority: npt.NDArray[np.int64]
    true: Bools
    kept: Bools
    shares: Floats


def truth(shares: Floats) -> Truth:
    """Cleaned vote shares N x 10 -> the protocol's truth (Barsoum et al. 2016)."""
    emotions = shares[:, : len(EMOTIONS)]
    largest = shares.argmax(axis=1)
    clear = (shares.max(axis=1) > KEPT_SHARE) & (largest < len(EMOTIONS))
    true = emotions >= TRUE_SHARE
    kept = np.where(true, emotions, 0).sum(axis=1) > KEPT_SHARE
    return Truth(np.where(clear, largest, -1), true, kept, emotions)


def measure(intensities: Floats, thresholds: Floats, what: Truth) -> dict[str, Any]:
    """Every figure of the protocol for intensities N x 8 and thresholds 8."""
    clear, kept = what.majority >= 0, what.kept
    right = intensities.argmax(axis=1)[clear] == what.majority[clear]
    present, true = (intensities >= thresholds)[kept], what.true[kept]
    by_emotion = {name: f1(present[:, i], true[:, i]) for i, name in enumerate(EMOTIONS)}
    precision = [average_precision(intensities[kept][:, i], true[:, i]) for i in range(len(EMOTIONS))]
    return {
        "faces": len(intensities),
        "faces_majority": int(clear.sum()),
        "faces_multi_label": int(kept.sum()),
        "majority_accuracy": _rounded(right.mean()),
        "macro_f1": _rounded(np.mean(list(by_emotion.values()))),
        "micro_f1": _rounded(f1(present.ravel(), true.ravel())),
        "map": _rounded(np.mean(precision)),
        "f1": {name: _rounded(value) for name, value in by_emotion.items()},
        "brier": _rounded(((intensities - what.shares) ** 2).sum(axis=1).mean()),
        "ece": _rounded(calibration_error(intensities[kept].ravel(), true.ravel())),
    }


def f1(present: Bools, true: Bools) -> float:
    """Harmonic mean of precision and recall; 0 where nothing is both present and true."""
    both = float((present & true).sum())
    return 2 * both / max(float(present.sum() + true.sum()), 1.0)


def average_precision(intensity: Floats, true: Bools) -> float:
    """Mean precision at each true face, most intense first."""
    order = np.argsort(-intensity, kind="stable")
    hits = true[order]
    if not hits.any():
        return 0.0
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())


def calibration_error(intensity: Floats, true: Bools) -> float:
    """Expected calibration error over equal-width bins (Guo et al. 2017)."""
    bins = np.minimum((intensity * BINS).astype(int), BINS - 1)
    count = np.bincount(bins, minlength=BINS)
    gap = np.bincount(bins, weights=intensity, minlength=BINS) - np.bincount(bins, weights=true, minlength=BINS)
    return float(np.abs(gap).sum() / max(count.sum(), 1))


def _rounded(value: Any) -> float:
    return round(float(value), 4)
