"""Non-maximum suppression: of boxes that lie on one another, keep the best."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
NOTHING: Final = np.empty(0, dtype=np.int64)


def suppress(boxes: Floats, scores: Floats, groups: Integers, limit: float) -> Integers:
    """Indices of the boxes to keep; a box goes whose overlap with a better one of its group is over ``limit``.

    boxes: N x 4 (left, top, right, bottom). Overlap is intersection over union.
    """
    corners = boxes.astype(np.float64)
    rectangles = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)
    # Group by group, because OpenCV's time grows with the square of the boxes that it is given.
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    kept = [some[_best(rectangles[some], scores[some], limit)] for some in members]
    return np.concatenate([NOTHING, *kept])


def _best(rectangles: npt.NDArray[np.float64], scores: Floats, limit: float) -> Integers:
    return np.asarray(cv2.dnn.NMSBoxes(rectangles.tolist(), scores.tolist(), 0.0, limit), dtype=np.int64)


def suppress_contained(boxes: Floats, scores: Floats, groups: Integers, limit: float) -> Integers:
    """As ``suppress``, where overlap is intersection over the smaller box, so that a box inside another goes too.

    Both sides of a box count as part of it, as in MTCNN's original. For few boxes: it compares all pairs, and
    repeats until nobody changes, which is where greedy suppression ends too (Zheng et al. 2021, "Cluster-NMS").
    """
    # Of equal scores, and large faces often have exactly 1, the original takes the last.
    order = np.argsort(scores, kind="stable")[::-1]
    left, top, right, bottom = boxes[order].T
    width = np.minimum(right, right[:, None]) - np.maximum(left, left[:, None]) + 1
    height = np.minimum(bottom, bottom[:, None]) - np.maximum(top, top[:, None]) + 1
    areas = (right - left + 1) * (bottom - top + 1)
    overlap = np.clip(width, 0, None) * np.clip(height, 0, None) / np.minimum(areas, areas[:, None])
    beats = np.triu((overlap > limit) & (groups[order] == groups[order][:, None]), 1)
    kept = np.ones(len(boxes), dtype=bool)
    while True:
        left_over = ~beats[kept].any(axis=0)
        if (left_over == kept).all():
            return np.asarray(order[kept], dtype=np.int64)
        kept = left_over
