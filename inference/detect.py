"""Faces in pictures: MTCNN's cascade of three networks (Zhang et al. 2016), over many pictures at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import torch
from torch import nn

from inference import mtcnn
from inference.area import CHANNELS, Floats, Integers, SummedPictures
from inference.candidates import Candidates, candidates, joined, moved, none
from inference.image import Picture
from inference.pyramid import FACTOR, PIXELS, STRIDE, WINDOW, Sheet, sheets
from inference.suppress import suppress, suppress_contained
from inference.types import Face

# Of the picture's shorter side. A face before a webcam fills a third of it; what is much smaller is somebody
# in the background, and every halving of this takes four times the search.
SMALLEST_FACE: Final = 0.1
# Whoever sits before a camera has a face of at least this share, and most of the search is for smaller ones.
LARGE_FACE: Final = 0.3
# The search for large faces begins so much lower, one or two levels of the pyramid: the boxes of a face that is hardly
# larger than the first level's lie less well than those that a level below it would give.
LOWER: Final = FACTOR**2
# The first network's score without which a picture hardly has a large face, and isn't worth judging by its large
# windows alone: most rooms without a face stay below it, and of 84 faces of FairFace's adults one.
LIKELY: Final = 0.95
# MTCNN's first network looks at 12 pixels; below 20 its boxes are guesses.
FEWEST_PIXELS: Final = 20

# The score at which each network passes a box on; what the weights were published with.
PASS: Final = (0.6, 0.7, 0.7)
# More pictures at once only cost memory, sixteen bytes a pixel.
PIXELS_TOGETHER: Final = 800_000
# How many go through a network in one piece, so that what lies between its layers stays in the cache.
CROPS_AT_ONCE: Final = 64


class Detector:
    """Finds faces; ``smallest_face`` is the smallest side looked for, as a share of the shorter side."""

    def __init__(self, smallest_face: float = SMALLEST_FACE) -> None:
        self.smallest_face = smallest_face
        self._proposal = mtcnn.proposal_network()
        self._refinement = mtcnn.refinement_network()
        self._output = mtcnn.output_network()

    def detect(self, picture: Picture) -> list[Face]:
        """Faces of one upright RGB picture, largest first."""
        return self.detect_all([picture])[0]

    @torch.inference_mode()
    def detect_all(self, pictures: Sequence[Picture], every_face: bool = True) -> list[list[Face]]:
        """Faces of each upright RGB picture, largest first. Those of one size go through the networks together.

        Without ``every_face``, small ones are looked for only in pictures that have no face of LARGE_FACE. The
        largest is the same, unless a smaller face lies on it, and found sooner; somebody small in the background may
        be missing.
        """
        return [faces for group in _groups(pictures) for faces in self._detect_group(group, every_face)]

    def _detect_group(self, pictures: Sequence[Picture], every_face: bool) -> list[list[Face]]:
        summed = SummedPictures(pictures)
        found = self._every(summed) if every_face else self._large_first(summed)
        faces: list[list[Face]] = [[] for _ in pictures]
        for number, *values in zip(found.pictures, found.boxes, found.scores, found.landmarks, strict=True):
            faces[number].append(_face(*values))
        return [sorted(some, key=lambda face: face.area, reverse=True) for some in faces]

    @torch.inference_mode()
    def warm_up(self) -> None:
        """Run the networks that a picture without a face never reaches."""
        for network, side in ((self._refinement, 24), (self._output, 48)):
            network(_as_input(np.zeros((1, side, side, CHANNELS), dtype=np.float32)))

    def _every(self, summed: SummedPictures) -> Candidates:
        return self._judge(summed, self._propose(summed, np.arange(len(summed.sizes))))

    def _large_first(self, summed: SummedPictures) -> Candidates:
        """Large faces, and every face of the pictures that have none."""
        numbers = np.arange(len(summed.sizes))
        coarse = self._propose(summed, numbers, least=LARGE_FACE * LOWER)
        likely = np.unique(coarse.pictures[coarse.scores >= LIKELY])
        found = self._judge(summed, coarse[np.isin(coarse.pictures, likely)])
        sides = (found.boxes[:, 2:] - found.boxes[:, :2]).max(axis=1, initial=0)
        shorter = np.array(summed.sizes).min(axis=1)[found.pictures]
        others = np.setdiff1d(numbers, found.pictures[sides >= LARGE_FACE * shorter])
        fine = self._propose(summed, others, below=LARGE_FACE * LOWER)
        # What wasn't judged yet, and what has to be judged again because there are smaller windows beside it.
        rest = np.union1d(np.setdiff1d(others, likely), fine.pictures)
        smaller = self._judge(summed, joined([fine, coarse[np.isin(coarse.pictures, rest)]]))
        return joined([found[~np.isin(found.pictures, rest)], smaller])

    def _judge(self, summed: SummedPictures, windows: Candidates) -> Candidates:
        """Which of the first network's windows are faces."""
        if not len(windows.boxes):
            return none()
        best = windows[suppress(windows.boxes, windows.scores, windows.pictures, 0.7)]
        return self._settle(summed, self._refine(summed, moved(best, margin=0, square=True)))

    def _propose(
        self, summed: SummedPictures, asked: Integers, least: float = 0.0, below: float = math.inf
    ) -> Candidates:
        """First network: windows everywhere in these pictures, for faces of at least ``least`` and less than ``below``.

        Both are shares of the shorter side.
        """
        found = [none()]
        for size in sorted({summed.sizes[number] for number in asked}):
            numbers = np.array([number for number in asked if summed.sizes[number] == size])
            side = min(size)
            smallest = max(FEWEST_PIXELS, round(side * self.smallest_face))
            for sheet in sheets(*size, smallest, side * least, side * below):
                together = max(1, PIXELS // (sheet.height * sheet.width))
                parts = (numbers[start : start + together] for start in range(0, len(numbers), together))
                found += [self._windows(summed, part, sheet) for part in parts]
        return joined(found)

    def _windows(self, summed: SummedPictures, numbers: Integers, sheet: Sheet) -> Candidates:
        """The best windows in each level on one sheet of each picture."""
        values = self._first(_sheets(summed, numbers, sheet), sheet)
        which, rows, columns = np.nonzero((values[..., 0] >= _logit(PASS[0])) & (sheet.owners >= 0))
        owners = sheet.owners[rows, columns]
        corners = np.stack([columns, rows], axis=1) * STRIDE - np.array([(v.left, v.top) for v in sheet.levels])[owners]
        # In 32 bits, as the reference: another rounding would move a box by a pixel.
        scales = np.array([level.scale for level in sheet.levels], dtype=np.float32)[owners, None]
        edges = [(corners + edge).astype(np.float32) / scales for edge in (1, WINDOW)]
        passed = values[which, rows, columns]
        boxes = np.floor(np.concatenate(edges, axis=1))
        found = candidates(numbers[which], boxes, _score(passed[:, 0]), passed[:, 1:])
        return found[suppress(found.boxes, found.scores, which * len(sheet.levels) + owners, 0.5)]

    def _first(self, laid: torch.Tensor, sheet: Sheet) -> Floats:
        """N sheets x H' x W' x 5."""
        edges = self._proposal[:2](laid)
        rows, columns = sheet.seams
        inside = (rows < edges.shape[2]) & (columns < edges.shape[3])
        edges.permute(0, 2, 3, 1)[:, rows[inside], columns[inside]] = -torch.inf
        values: Floats = self._proposal[2:](edges).permute(0, 2, 3, 1).numpy()
        return values

    def _refine(self, summed: SummedPictures, found: Candidates) -> Candidates:
        """Second network: which of them are faces, at 24 pixels."""
        found, values = _looked_at(self._refinement, summed, found, 24)
        found = candidates(found.pictures, found.boxes, _score(values[:, 0]), values[:, 1:])
        found = found[found.scores > PASS[1]]
        found = found[suppress(found.boxes, found.scores, found.pictures, 0.7)]
        return moved(found, margin=1, square=True)

    def _settle(self, summed: SummedPictures, found: Candidates) -> Candidates:
        """Third network: the same at 48 pixels, and where eyes, nose and mouth are."""
        found, values = _looked_at(self._output, summed, found, 48)
        corners, sides = found.boxes[:, None, :2], (found.boxes[:, 2:] - found.boxes[:, :2] + 1)[:, None]
        landmarks = values[:, 5:].reshape(-1, 2, 5).swapaxes(1, 2) * sides + corners - 1
        found = Candidates(found.pictures, found.boxes, _score(values[:, 0]), values[:, 1:5], landmarks)
        found = moved(found[found.scores > PASS[2]], margin=1, square=False)
        return found[suppress_contained(found.boxes, found.scores, found.pictures, 0.7)]


def _groups(pictures: Sequence[Picture]) -> Iterator[Sequence[Picture]]:
    """Pictures that are looked at together, in their order."""
    group: list[Picture] = []
    pixels = 0
    for picture in pictures:
        if group and pixels + picture.size // 3 > PIXELS_TOGETHER:
            yield group
            group, pixels = [], 0
        group.append(picture)
        pixels += picture.size // 3
    if group:
        yield group


def _sheets(summed: SummedPictures, numbers: Integers, sheet: Sheet) -> torch.Tensor:
    laid = np.zeros((len(numbers), sheet.height, sheet.width, CHANNELS), dtype=np.float32)
    for one, number in zip(laid, numbers, strict=True):
        for level in sheet.levels:
            place = one[level.top : level.top + level.height, level.left : level.left + level.width]
            place[:] = summed.shrunk(number, level.height, level.width)
    return _as_input(laid)


def _looked_at(network: nn.Module, summed: SummedPictures, found: Candidates, size: int) -> tuple[Candidates, Floats]:
    """Those candidates that lie in their pictures, and what the network says to each."""
    heights, widths = np.array(summed.sizes, dtype=np.int64).reshape(-1, 2)[found.pictures].T
    left, top, right, bottom = np.trunc(found.boxes).astype(np.int64).T
    # The original counts pixels from 1 and includes the last one.
    left, top = np.maximum(left, 1) - 1, np.maximum(top, 1) - 1
    boxes = np.stack([left, top, np.minimum(right, widths), np.minimum(bottom, heights)], axis=1)
    inside = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
    found, boxes = found[inside], boxes[inside]
    starts = range(0, max(len(boxes), 1), CROPS_AT_ONCE)
    parts = [slice(start, start + CROPS_AT_ONCE) for start in starts]
    values = [network(_as_input(summed.crops(found.pictures[part], boxes[part], size))).numpy() for part in parts]
    return found, np.concatenate(values)


def _as_input(pictures: Floats) -> torch.Tensor:
    """N x H x W x 4 -> N x 4 x H x W, still with the channels last in memory."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2)


def _logit(score: float) -> np.float32:
    return np.float32(math.log(score / (1 - score)))


def _score(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


def _face(box: Floats, score: np.float32, landmarks: Floats) -> Face:
    left, top, right, bottom = box.tolist()
    return Face((left, top, right, bottom), float(score), tuple((x, y) for x, y in landmarks.tolist()))
