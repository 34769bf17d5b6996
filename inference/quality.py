"""Is a face lit, sharp and large enough to be read fairly?"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from inference.image import Picture
from inference.types import Face, Status

# Set so low that they refuse hardly anybody for the light or the skin they have: of 840 FairFace adults, 120 of
# each of seven groups, one was refused as too dark and none as blurred.
SMALLEST_SIDE: Final = 36.0  # pixels; the network looks at 48, and half of that says nothing about a mouth
DARKEST: Final = 28.0  # mean grey, 0..255
SIDE: Final = 96  # sharpness is measured at this size, so that it doesn't depend on the camera's
LEAST_SHARP: Final = 5.0  # variance of the Laplacian at that size


def verdict(picture: Picture, face: Face) -> Status:
    """READ where the face can be read; otherwise what stands in the way."""
    if max(face.width, face.height) < SMALLEST_SIDE:
        return Status.TOO_SMALL
    grey = _grey(picture, face)
    if brightness(grey) < DARKEST:
        return Status.TOO_DARK
    if sharpness(grey) < LEAST_SHARP:
        return Status.BLURRED
    return Status.READ


def verdict_without_face(picture: Picture) -> Status:
    """Why no face was found: too dark to see one, or simply none."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return Status.TOO_DARK if brightness(grey) < DARKEST else Status.NO_FACE


def brightness(grey: npt.NDArray[np.uint8]) -> float:
    return float(grey.mean())


def sharpness(grey: npt.NDArray[np.uint8]) -> float:
    """Variance of the Laplacian of the face at a common size (Pech-Pacheco et al. 2000)."""
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(small, cv2.CV_64F).var())


def _grey(picture: Picture, face: Face) -> npt.NDArray[np.uint8]:
    height, width = picture.shape[:2]
    left, top = max(0, int(face.box[0])), max(0, int(face.box[1]))
    right, bottom = min(width, int(face.box[2]) + 1), min(height, int(face.box[3]) + 1)
    if right <= left or bottom <= top:
        return np.zeros((1, 1), dtype=np.uint8)
    return np.asarray(cv2.cvtColor(picture[top:bottom, left:right], cv2.COLOR_RGB2GRAY), dtype=np.uint8)
