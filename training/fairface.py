"""FairFace groups: how often each group's faces are found, and how far its readings lie from everybody's.

FairFace has no emotion labels, so nothing here is an accuracy: a shift may lie in the photographs as well as in
the network. What should worry is a group that is found or read less often, or whose shift is large.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from inference.emotions import EMOTIONS
from inference.pipeline import Pipeline
from training.evaluate import Floats
from training.intervals import interval, proportion, resampled
from training.photos import Photo, Seen, listed, seen
from training.sources import DataError

COLUMNS: Final = ("race", "gender", "age")
DRAWN_BY: Final = "race"
FEWEST: Final = 10  # of fewer faces a mean says nothing


def measure_groups(pipeline: Pipeline, path: Path, each: int, seed: int = 0) -> dict[str, Any]:
    """Read up to ``each`` photographs a group of race, drawn at random; figures by race, gender and age.

    ``shift`` is a group's mean intensity less that of everybody read, with a 95 % bootstrap interval;
    None where fewer than ten were read.
    """
    source, photos = listed(path)
    for column in COLUMNS:
        if photos and column not in photos[0].cells:
            raise DataError(f"{path}: labels.csv has no column {column!r}, which FairFace's groups are named by.")
    everybody = list(seen(pipeline, source, _drawn(photos, each, seed)))
    return {
        "photographs": len(everybody),
        "found": proportion(sum(one.found for one in everybody), len(everybody)),
        "groups": {column: _by(column, everybody, seed) for column in COLUMNS},
    }


def _drawn(photos: Sequence[Photo], each: int, seed: int) -> list[Photo]:
    random = np.random.default_rng(seed)
    chosen: list[Photo] = []
    for group in sorted({photo.cells[DRAWN_BY] for photo in photos}):
        members = [photo for photo in photos if photo.cells[DRAWN_BY] == group]
        chosen += [members[row] for row in np.sort(random.permutation(len(members))[:each])]
    return chosen


def _by(column: str, everybody: Sequence[Seen], seed: int) -> dict[str, Any]:
    read = [one for one in everybody if one.mixture is not None]
    intensities = np.array([one.mixture.intensities for one in read if one.mixture]).reshape(-1, len(EMOTIONS))
    weights = resampled(len(read), seed=seed) if read else np.zeros((1, 0))
    everyone = weights @ intensities / np.maximum(weights.sum(axis=1, keepdims=True), 1)
    groups = {}
    for name in sorted({one.photo.cells[column] for one in everybody}):
        members = [one for one in everybody if one.photo.cells[column] == name]
        inside = weights * np.array([one.photo.cells[column] == name for one in read], dtype=float)
        mean = inside @ intensities / np.maximum(inside.sum(axis=1, keepdims=True), 1)
        groups[name] = {
            "photographs": len(members),
            "found": proportion(sum(one.found for one in members), len(members)),
            "read": proportion(sum(one.mixture is not None for one in members), len(members)),
            "shift": _shift(mean - everyone) if inside[0].sum() >= FEWEST else None,
        }
    return groups


def _shift(values: Floats) -> dict[str, dict[str, float]]:
    return {emotion: interval(values[:, i]) for i, emotion in enumerate(EMOTIONS)}
