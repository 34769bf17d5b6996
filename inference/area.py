"""Means over rectangles of many pictures at once, from summed-area tables (Crow 1984)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from inference.image import Picture

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
# Red, green, blue, and one that means nothing: numpy fetches cells of 16 bytes twice as fast as cells of 12.
CHANNELS: Final = 4


class SummedPictures:
    """RGB pictures of any sizes, ready to be shrunk, whole or in part, for the price of what comes out.

    A shrunk pixel is the mean of the pixels under it, in bins that may share a pixel at their borders: what torch
    calls "area" interpolation, and what MTCNN's weights expect. Whatever comes out has a fourth
    channel, to be ignored. ``sizes`` are (height, width).
    """

    def __init__(self, pictures: Sequence[Picture]) -> None:
        self.sizes = [(picture.shape[0], picture.shape[1]) for picture in pictures]
        cells = [(height + 1) * (width + 1) for height, width in self.sizes]
        self._starts = np.concatenate([[0], np.cumsum(cells)])
        # One table for all, so that boxes of different pictures are cut out together. Sums wrap around above
        # eight million pixels; differences of two of them are right all the same.
        self._table = np.empty((int(self._starts[-1]), CHANNELS), dtype=np.int32)
        for number, picture in enumerate(pictures):
            cv2.integral(cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA), self._table_of(number), cv2.CV_32S)

    def shrunk(self, number: int, height: int, width: int) -> Floats:
        """One whole picture: height x width x 4, 0..255."""
        table = self._table_of(number)
        top, bottom = _bins(np.array(table.shape[0] - 1), height)
        left, right = _bins(np.array(table.shape[1] - 1), width)
        rows = table.take(bottom, axis=0)
        rows -= table.take(top, axis=0)
        sums = rows.take(right, axis=1)
        sums -= rows.take(left, axis=1)
        return _means(sums, bottom - top, right - left)

    def crops(self, numbers: Integers, boxes: Integers, size: int) -> Floats:
        """N boxes (left, top, right, bottom) of whole pixels inside their pictures: N x size x size x 4, 0..255."""
        strides = np.array([width + 1 for _height, width in self.sizes])[numbers]
        left, right = (edge + boxes[:, 0, None] for edge in _bins(boxes[:, 2] - boxes[:, 0], size))
        top, bottom = (edge + boxes[:, 1, None] for edge in _bins(boxes[:, 3] - boxes[:, 1], size))
        above = (self._starts[numbers, None] + top * strides[:, None])[:, :, None]
        below = (self._starts[numbers, None] + bottom * strides[:, None])[:, :, None]
        sums = self._at(below + right[:, None])
        sums -= self._at(above + right[:, None])
        sums += self._at(above + left[:, None])
        sums -= self._at(below + left[:, None])
        return _means(sums, bottom - top, right - left)

    def _table_of(self, number: int) -> npt.NDArray[np.int32]:
        height, width = self.sizes[number]
        return self._table[self._starts[number] : self._starts[number + 1]].reshape(height + 1, width + 1, CHANNELS)

    def _at(self, cells: Integers) -> npt.NDArray[np.int32]:
        return self._table.take(cells, axis=0)


def _bins(lengths: npt.NDArray[np.int_], count: int) -> tuple[Integers, Integers]:
    """Where each of ``count`` bins over ``lengths`` pixels begins and ends (after its last pixel)."""
    steps, whole = np.arange(count), np.asarray(lengths)[..., None]
    return steps * whole // count, -(-(steps + 1) * whole // count)


def _means(sums: npt.NDArray[np.int32], heights: Integers, widths: Integers) -> Floats:
    share = (1.0 / heights)[..., :, None] * (1.0 / widths)[..., None, :]
    return np.multiply(sums, share.astype(np.float32)[..., None], dtype=np.float32, casting="same_kind")
