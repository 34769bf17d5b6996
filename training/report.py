"""A bundle and a labelled split -> every figure of the evaluation, as numbers and as a table of predictions."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from inference.bundle import load_bundle
from inference.classify import Classifier
from inference.emotions import EMOTIONS
from training.calibrate import cross_fitted
from training.datasets import Faces
from training.evaluate import Bools, Floats, Judged, binned, figures, truth
from training.intervals import interval, resampled
from training.panel import cleaned_shares, human_ruler
from training.robustness import worsened
from training.seven import seven_classes

BATCH: Final = 256
SAMPLE: Final = 1000
CROSS_FITTED: Final = "cross-fitted: five folds over faces, seed 0, chosen on four, applied to the fifth, scored pooled"
SHIPPED: Final = "the bundle's own"
SUMMARY: Final = (
    "majority_accuracy", "macro_f1", "macro_precision", "macro_recall", "micro_f1", "micro_precision", "micro_recall",
    "map", "brier", "ece", "share_ece",
)  # fmt: skip
BY_EMOTION: Final = ("f1", "precision", "recall", "average_precision")
HARDER: Final = ("majority_accuracy", "macro_f1", "micro_f1", "map")


@dataclass(frozen=True)
class Evaluation:
    """What was measured: ``numbers`` are ready for JSON; ``judged`` is what plots and tables need."""

    numbers: dict[str, Any]
    judged: Judged
    shipped_present: Bools
    names: tuple[str, ...]


def evaluate(bundle: Path, faces: Faces, split: str, robustness: int = SAMPLE) -> Evaluation:
    """Read every face exactly as the pipeline's classifier does, and score it by the FER+ protocol.

    On "valid" thresholds are cross-fitted, since the bundle's own were chosen there; elsewhere they are the
    bundle's. ``robustness`` is the number of faces drawn for the worse pictures, 0 for none. Raises ``BundleError``.
    """
    classifier = Classifier(load_bundle(bundle))
    what = truth(cleaned_shares(faces.votes))
    intensities = read(classifier, faces.pixels, split)
    shipped = intensities >= _thresholds(classifier)
    fair = cross_fitted(intensities, what) if split == "valid" else shipped
    judged = Judged(intensities, fair, what)
    numbers: dict[str, Any] = {
        "bundle": {"name": classifier.manifest.name, "sha256": classifier.manifest.sha256},
        "split": split,
        "faces": len(faces),
        "faces_majority": int((what.majority >= 0).sum()),
        "faces_multi_label": int(what.kept.sum()),
        "thresholds": CROSS_FITTED if split == "valid" else SHIPPED,
        **_scored(judged),
        "shipped_thresholds": _summary(Judged(intensities, shipped, what), ("macro_f1", "micro_f1")),
        "human_ruler": human_ruler(faces.votes, fair),
        "seven_classes": seven_classes(faces.votes, intensities),
    }
    if robustness:
        numbers["robustness"] = _robustness(classifier, faces, robustness)
    return Evaluation(numbers, judged, shipped, faces.names)


def read(classifier: Classifier, pixels: npt.NDArray[np.uint8], what: str) -> Floats:
    """Faces N x S x S -> intensities N x 8; a face of another size is brought to the crop's."""
    size, parts = classifier.manifest.crop.size, []
    for start in tqdm(range(0, len(pixels), BATCH), desc=what, unit="batch", leave=False):
        batch = [_sized(face, size) for face in pixels[start : start + BATCH]]
        parts.append(classifier.intensities(np.stack(batch)))
    return np.concatenate(parts)


def _sized(face: npt.NDArray[np.uint8], size: int) -> npt.NDArray[np.uint8]:
    if len(face) == size:
        return face
    how = cv2.INTER_AREA if len(face) > size else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(np.asarray(face), (size, size), interpolation=how), dtype=np.uint8)


def _thresholds(classifier: Classifier) -> Floats:
    return np.array([classifier.manifest.thresholds[name] for name in EMOTIONS])


def _scored(judged: Judged) -> dict[str, Any]:
    found = figures(judged, resampled(len(judged.intensities)))
    true = judged.what.true[judged.what.kept].sum(axis=0)
    return {
        "figures": {name: interval(found[name]) for name in SUMMARY},
        "emotions": {
            emotion: {"true": int(true[i]), **{name: interval(found[name][:, i]) for name in BY_EMOTION}}
            for i, emotion in enumerate(EMOTIONS)
        },
        "reliability": {
            "shares": _rounded_bins(binned(judged.intensities, judged.what.shares)),
            "true": _rounded_bins(binned(judged.intensities[judged.what.kept], judged.what.true[judged.what.kept])),
        },
        "confusion": {"rows": "majority", "columns": "strongest", "counts": confusion(judged).tolist()},
    }


def _rounded_bins(bins: list[dict[str, float]]) -> list[dict[str, float]]:
    return [{name: round(value, 4) for name, value in each.items()} for each in bins]


def confusion(judged: Judged) -> npt.NDArray[np.int64]:
    """8 x 8 counts: rows what the majority said, columns the strongest intensity."""
    clear = judged.what.majority >= 0
    counts = np.zeros((len(EMOTIONS), len(EMOTIONS)), dtype=np.int64)
    np.add.at(counts, (judged.what.majority[clear], judged.intensities[clear].argmax(axis=1)), 1)
    return counts


def _summary(judged: Judged, names: tuple[str, ...]) -> dict[str, Any]:
    found = figures(judged, resampled(len(judged.intensities)))
    return {name: interval(found[name]) for name in names}


def _robustness(classifier: Classifier, faces: Faces, count: int, seed: int = 0) -> dict[str, Any]:
    """The bundle's own thresholds throughout, as a user would have them, on undisturbed faces too."""
    rows = np.sort(np.random.default_rng(seed).permutation(len(faces))[:count])
    pixels, what, found = faces.pixels[rows], truth(cleaned_shares(faces.votes[rows])), {}
    for name, changed in (("undisturbed", pixels), *worsened(pixels)):
        intensities = read(classifier, changed, name)
        found[name] = _summary(Judged(intensities, intensities >= _thresholds(classifier), what), HARDER)
    return {"faces": len(rows), "conditions": found}


def write_predictions(evaluation: Evaluation, path: Path) -> None:
    """``image``, an intensity column an emotion, and ``<emotion>_present`` (0 or 1) by the bundle's own thresholds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["image", *EMOTIONS, *(f"{name}_present" for name in EMOTIONS)])
        for name, row, present in zip(
            evaluation.names, evaluation.judged.intensities, evaluation.shipped_present, strict=True
        ):
            table.writerow([name, *(f"{value:.6f}" for value in row), *(int(said) for said in present)])
