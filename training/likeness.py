"""How alike two pictures look, whatever their light, size and compression: the perceptual hash."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
SIDE: Final = 32
KEPT: Final = 8


def perceptual_hash(grey: npt.NDArray[np.uint8]) -> np.uint64:
    """64 bits: which of the 8 x 8 lowest frequencies lie above their median (Zauner 2010, "pHash")."""
    small = cv2.resize(np.asarray(grey), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    low = cv2.dct(small.astype(np.float32))[:KEPT, :KEPT].ravel()
    bits = low > np.median(low[1:])  # the first is the mean light, which says nothing of what is seen
    return np.uint64(int.from_bytes(np.packbits(bits).tobytes(), "big"))


def distances(one: np.uint64, others: Hashes) -> npt.NDArray[np.int64]:
    """How many of the 64 bits differ from each of N others."""
    return np.bitwise_count(np.bitwise_xor(others, one)).astype(np.int64)
