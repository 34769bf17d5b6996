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


@dataclass(frozen=True)
class Judged:
    """What a model said of N faces beside what the viewers said: intensities N x 8, present N x 8."""

    intensities: Floats
    present: Bools
    what: Truth


def truth(shares: Floats) -> Truth:
    """Cleaned vote shares N x 10 -> the protocol's truth (Barsoum et al. 2016)."""
    emotions = shares[:, : len(EMOTIONS)]
    largest = shares.argmax(axis=1)
    clear = (shares.max(axis=1) > KEPT_SHARE) & (largest < len(EMOTIONS))
    true = emotions >= TRUE_SHARE
    kept = np.where(true, emotions, 0).sum(axis=1) > KEPT_SHARE
    return Truth(np.where(clear, largest, -1), true, kept, emotions)


def figures(judged: Judged, weights: Floats) -> dict[str, Floats]:
    """Every figure of the protocol, once for each row of ``weights`` (B x N: how often a face counts).

    Each value is B, or B x 8 where it is by emotion. Ones give the plain figure, resampled counts a bootstrap.
    ``ece`` asks how often an emotion of some intensity is true; ``share_ece`` how many viewers named it, which is
    what an intensity estimates, on all faces.
    """
    what = judged.what
    clear, kept = what.majority >= 0, what.kept
    right = judged.intensities[clear].argmax(axis=1) == what.majority[clear]
    counted = weights[:, kept]
    intensities, true = judged.intensities[kept], what.true[kept]
    found = present_figures(judged.present[kept], true, counted)
    precision = [weighted_average_precision(intensities[:, i], true[:, i], counted) for i in range(len(EMOTIONS))]
    error = ((judged.intensities - what.shares) ** 2).sum(axis=1)
    return {
        "majority_accuracy": _divided(weights[:, clear] @ right, weights[:, clear].sum(axis=1)),
        **found,
        "average_precision": np.stack(precision, axis=1),
        "map": np.mean(precision, axis=0),
        "brier": _divided(weights @ error, weights.sum(axis=1)),
        "ece": _weighted_calibration_error(intensities, true, counted),
        "share_ece": _weighted_calibration_error(judged.intensities, what.shares, weights),
    }


def present_figures(present: Bools, true: Bools, weights: Floats) -> dict[str, Floats]:
    """Precision, recall and F1 of present sets N x C against true ones; 0 where there is nothing to divide by."""
    both, said, meant = (weights @ part.astype(np.float64) for part in (present & true, present, true))
    f1s = _divided(2 * both, said + meant)
    precision, recall = _divided(both, said), _divided(both, meant)
    whole = (part.sum(axis=1) for part in (both, said, meant))
    all_both, all_said, all_meant = whole
    return {
        "precision": precision,
        "recall": recall,
        "f1": f1s,
        "macro_precision": precision.mean(axis=1),
        "macro_recall": recall.mean(axis=1),
        "macro_f1": f1s.mean(axis=1),
        "micro_precision": _divided(all_both, all_said),
        "micro_recall": _divided(all_both, all_meant),
        "micro_f1": _divided(2 * all_both, all_said + all_meant),
    }


def measure(intensities: Floats, thresholds: Floats, what: Truth) -> dict[str, Any]:
    """The protocol's figures for intensities N x 8 and thresholds 8, as a manifest keeps them."""
    plain = figures(Judged(intensities, intensities >= thresholds, what), np.ones((1, len(intensities))))
    names = ("majority_accuracy", "macro_f1", "micro_f1", "map")
    return {
        "faces": len(intensities),
        "faces_majority": int((what.majority >= 0).sum()),
        "faces_multi_label": int(what.kept.sum()),
        **{name: rounded(plain[name][0]) for name in names},
        "f1": {name: rounded(value) for name, value in zip(EMOTIONS, plain["f1"][0], strict=True)},
        "brier": rounded(plain["brier"][0]),
        "ece": rounded(plain["ece"][0]),
    }


def f1(present: Bools, true: Bools) -> float:
    """Harmonic mean of precision and recall; 0 where nothing is both present and true."""
    both = float((present & true).sum())
    return 2 * both / max(float(present.sum() + true.sum()), 1.0)


def average_precision(intensity: Floats, true: Bools) -> float:
    """Mean precision at each true face, most intense first; 0 where none is true."""
    return float(weighted_average_precision(intensity, true, np.ones((1, len(true))))[0])


def weighted_average_precision(intensity: Floats, true: Bools, weights: Floats) -> Floats:
    """Average precision for each row of weights B x N; faces of equal intensity are taken together."""
    order = np.argsort(-intensity, kind="stable")
    ends = np.flatnonzero(np.diff(intensity[order], append=-np.inf))
    counted = np.cumsum(weights[:, order], axis=1)[:, ends]
    hits = np.cumsum(weights[:, order] * true[order], axis=1)[:, ends]
    steps = np.diff(hits, axis=1, prepend=0)
    return _divided((_divided(hits, counted) * steps).sum(axis=1), hits[:, -1])


def calibration_error(intensity: Floats, true: Bools) -> float:
    """Expected calibration error over equal-width bins (Guo et al. 2017), for N judgements."""
    return float(_weighted_calibration_error(intensity[:, None], true[:, None], np.ones((1, len(true))))[0])


def bin_of(intensity: Floats) -> npt.NDArray[np.int64]:
    return np.minimum((intensity * BINS).astype(np.int64), BINS - 1)


def binned(intensities: Floats, said: Bools | Floats) -> list[dict[str, float]]:
    """What viewers said where an intensity was read, bin by bin: mean intensity, mean of ``said``, judgements."""
    intensity, bins = intensities.ravel(), bin_of(intensities.ravel())
    count = np.bincount(bins, minlength=BINS)
    sums = (np.bincount(bins, weights=each.ravel(), minlength=BINS) for each in (intensity, said))
    rows = zip(*sums, count, strict=True)
    return [{"intensity": float(i / n), "said": float(s / n), "judgements": int(n)} for i, s, n in rows if n]


def _weighted_calibration_error(intensities: Floats, true: Bools | Floats, weights: Floats) -> Floats:
    """Every emotion of every face is one judgement: its intensity against whether it is true, or against its share."""
    gaps = np.zeros((len(intensities), BINS))
    rows = np.broadcast_to(np.arange(len(intensities))[:, None], intensities.shape)
    np.add.at(gaps, (rows, bin_of(intensities)), intensities - true)
    return _divided(np.abs(weights @ gaps).sum(axis=1), weights.sum(axis=1) * intensities.shape[1])


def _divided(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.zeros(np.shape(part)), where=whole > 0))


def rounded(value: Any) -> float:
    return round(float(value), 4)
