"""A face in a picture -> the square grey crop that the network looks at."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from inference.bundle import Crop
from inference.image import Picture
from inference.types import Face


def align(picture: Picture, face: Face, crop: Crop) -> npt.NDArray[np.uint8]:
    """Cut the face out upright: ``crop.size`` x ``crop.size`` grey, the eyes on a level line.

    Parts outside the picture repeat its edge. A face that shrinks is averaged, not sampled, so that it looks
    like the small faces that the network learned from.
    """
    side = max(face.width, face.height) * crop.scale
    shrink = max(1, math.ceil(side / crop.size))
    size = crop.size * shrink
    matrix = _matrix(face, side, size)
    cut = cv2.warpAffine(picture, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    grey = cv2.cvtColor(cut, cv2.COLOR_RGB2GRAY)
    if shrink > 1:
        grey = cv2.resize(grey, (crop.size, crop.size), interpolation=cv2.INTER_AREA)
    return np.asarray(grey, dtype=np.uint8)


def roll(face: Face) -> float:
    """How far the line between the eyes is turned, in radians; 0 is level."""
    (left_x, left_y), (right_x, right_y) = face.landmarks[:2]
    return math.atan2(right_y - left_y, right_x - left_x)


def _matrix(face: Face, side: float, size: int) -> npt.NDArray[np.float64]:
    """From the picture to the crop: turn about the middle of the box, scale, move to the middle."""
    left, top, right, bottom = face.box
    centre_x, centre_y = (left + right) / 2, (top + bottom) / 2
    scale, angle = size / side, roll(face)
    cosine, sine = math.cos(angle) * scale, math.sin(angle) * scale
    return np.array(
        [
            [cosine, sine, size / 2 - cosine * centre_x - sine * centre_y],
            [-sine, cosine, size / 2 + sine * centre_x - cosine * centre_y],
        ]
    )
