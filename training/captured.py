"""Captures -> a stratified train, valid and test set with no near-duplicates across splits."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from training.capture import read_crop
from training.formats import emotion_named
from training.likeness import Hashes, distances, perceptual_hash
from training.sources import DataError

# Of 64 bits. The same photograph, smaller, darker and compressed, differs by up to 14 and mostly by less than 10; two
# people by 12 and more. So whatever lies within this shares a split, and a chain of frames stays together.
ALIKE: Final = 10
SHARES: Final = {"train": 0.7, "valid": 0.15, "test": 0.15}


@dataclass(frozen=True)
class Crop:
    path: Path
    label: str


def build(captures: Path, out: Path, shares: Mapping[str, float] = SHARES, seed: int = 0) -> dict[str, Any]:
    """Copy ``captures/LABEL/*.png`` to ``out/SPLIT/LABEL``; returns what went where. Raises ``DataError``."""
    if out.exists() and any(out.iterdir()):
        raise DataError(f"{out} is not empty; name a new folder for the data set.")
    crops = _crops(captures)
    group = groups(np.array([perceptual_hash(read_crop(crop.path)) for crop in crops], dtype=np.uint64))
    split = assign([crop.label for crop in crops], group, shares, seed)
    for crop, name in zip(crops, split, strict=True):
        target = out / name / crop.label / crop.path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(crop.path, target)
    numbers = _summary(crops, split, group, shares, seed)
    (out / "dataset.json").write_text(json.dumps(numbers, indent=2) + "\n")
    return numbers


def _crops(captures: Path) -> list[Crop]:
    crops = []
    for folder in sorted(path for path in captures.glob("*") if path.is_dir()):
        label = emotion_named(folder.name)
        if label is None:
            raise DataError(f"{folder}: {folder.name!r} is not an emotion, so its crops have no label.")
        crops += [Crop(path, label) for path in sorted(folder.glob("*.png"))]
    if not crops:
        raise DataError(f"{captures} holds no captures; `python -m training capture` makes some.")
    return crops


def groups(hashes: Hashes) -> npt.NDArray[np.int64]:
    """N hashes -> the number of each one's group: near-duplicates, and theirs, and so on, whatever their label."""
    near = [np.flatnonzero(distances(one, hashes) <= ALIKE) for one in hashes]
    rows = np.repeat(np.arange(len(hashes)), [len(found) for found in near])
    columns = np.concatenate(near)
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(hashes), len(hashes)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def assign(labels: Sequence[str], group: npt.NDArray[np.int64], shares: Mapping[str, float], seed: int) -> list[str]:
    """The split of each crop: whole groups, largest first, each to where its labels are most wanting."""
    total = Counter(labels)
    wanting = {split: {label: share * total[label] for label in total} for split, share in shares.items()}
    members = [np.flatnonzero(group == number) for number in range(int(group.max()) + 1)]
    order = np.random.default_rng(seed).permutation(len(members))
    split = [""] * len(labels)
    for number in sorted(order, key=lambda n: -len(members[n])):
        inside = Counter(labels[row] for row in members[number])
        chosen = max(wanting, key=lambda name: sum(wanting[name][label] * n for label, n in inside.items()))
        for label, n in inside.items():
            wanting[chosen][label] -= n
        for row in members[number]:
            split[row] = chosen
    return split


def _summary(
    crops: Sequence[Crop], split: Sequence[str], group: npt.NDArray[np.int64], shares: Mapping[str, float], seed: int
) -> dict[str, Any]:
    labels = sorted({crop.label for crop in crops})
    held = Counter((name, crop.label) for name, crop in zip(split, crops, strict=True))
    return {
        "crops": {name: {label: held[name, label] for label in labels} for name in shares},
        "groups_of_near_duplicates": int(group.max()) + 1,
        "largest_group": int(np.bincount(group).max()),
        "seed": seed,
    }


def as_text(numbers: Mapping[str, Any]) -> str:
    """Counts by label and split, and a sentence for each split that a label has nothing in."""
    crops = numbers["crops"]
    labels = list(next(iter(crops.values())))
    lines = [f"{'':12}" + "".join(f"{split:>8}" for split in crops)]
    lines += [f"{label:12}" + "".join(f"{held[label]:8}" for held in crops.values()) for label in labels]
    lines.append(
        f"{numbers['groups_of_near_duplicates']} groups of near-duplicates, each within one split; "
        f"the largest has {numbers['largest_group']} crops"
    )
    for label in labels:
        if empty := [split for split, held in crops.items() if not held[label]]:
            lines.append(
                f"All crops of {label} look too alike to have any in {' and '.join(empty)}: capture {label} again, "
                "in another light or with another person."
            )
    return "\n".join(lines)
