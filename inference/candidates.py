"""Boxes on their way through the detector's cascade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from inference.area import Floats, Integers


@dataclass(frozen=True, slots=True)
class Candidates:
    """N boxes (left, top, right, bottom) that may hold a face, and the numbers of the pictures they lie in.

    ``corrections``: how far each side is off, in widths or heights of the box; ``landmarks``: N x 5 x 2, pixels.
    """

    pictures: Integers
    boxes: Floats
    scores: Floats
    corrections: Floats
    landmarks: Floats

    def __getitem__(self, which: npt.NDArray[np.bool_] | Integers) -> Candidates:
        return Candidates(
            self.pictures[which], self.boxes[which], self.scores[which], self.corrections[which], self.landmarks[which]
        )


def candidates(pictures: Integers, boxes: Floats, scores: Floats, corrections: Floats) -> Candidates:
    """Candidates whose landmarks nobody has looked for yet."""
    return Candidates(pictures, boxes, scores, corrections, np.zeros((len(boxes), 5, 2), dtype=np.float32))


def none() -> Candidates:
    boxes = np.zeros((0, 4), dtype=np.float32)
    return candidates(np.zeros(0, dtype=np.int64), boxes, np.zeros(0, dtype=np.float32), boxes)


def joined(some: Sequence[Candidates]) -> Candidates:
    return Candidates(
        np.concatenate([part.pictures for part in some]),
        np.concatenate([part.boxes for part in some]),
        np.concatenate([part.scores for part in some]),
        np.concatenate([part.corrections for part in some]),
        np.concatenate([part.landmarks for part in some]),
    )


def moved(found: Candidates, margin: int, square: bool) -> Candidates:
    """Boxes after their corrections; ``margin`` is what the original adds to sides before it scales by them."""
    boxes = found.boxes + found.corrections * np.tile(found.boxes[:, 2:] - found.boxes[:, :2] + margin, 2)
    return replace(found, boxes=_squared(boxes) if square else boxes)


def _squared(boxes: Floats) -> Floats:
    """The shorter sides made as long as the longer ones, about the same middle."""
    sides = boxes[:, 2:] - boxes[:, :2]
    longer = sides.max(axis=1, keepdims=True)
    corners = boxes[:, :2] + sides * np.float32(0.5) - longer * np.float32(0.5)
    return np.concatenate([corners, corners + longer], axis=1)
