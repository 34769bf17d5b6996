"""What a network may want done to a crop first: denoised, or its grey values spread evenly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Crops = npt.NDArray[np.uint8]


def prepare(crops: Crops, steps: Sequence[str]) -> Crops:
    """N x S x S grey crops after each of the named steps, in their order; ``bundle.PREPARATIONS`` lists them."""
    for step in steps:
        crops = np.array([PREPARE[step](crop) for crop in crops], dtype=np.uint8).reshape(crops.shape)
    return crops


def _denoised(crop: Crops) -> Crops:
    """Non-local means (Buades et al. 2005): pixels averaged with those whose surroundings look alike."""
    return np.asarray(cv2.fastNlMeansDenoising(crop, None, 5, 5, 11), dtype=np.uint8)


def _equalised(crop: Crops) -> Crops:
    """Contrast-limited adaptive equalisation (Zuiderveld 1994) in a grid of 4 x 4."""
    return np.asarray(cv2.createCLAHE(2.0, (4, 4)).apply(crop), dtype=np.uint8)


PREPARE: Final[dict[str, Callable[[Crops], Crops]]] = {"denoise": _denoised, "equalise": _equalised}
