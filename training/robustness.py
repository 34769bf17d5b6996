"""What becomes of the figures when the picture is worse than the benchmark's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Change = Callable[[Pixels, np.random.Generator], Pixels]


def blur(share: float) -> Change:
    """Gaussian blur whose sigma is a share of the side."""
    return lambda face, _random: _bytes(cv2.GaussianBlur(face, (0, 0), share * len(face)))


def darkness(light: float) -> Change:
    """Only a share of the light, with the sensor's noise, which stays."""

    def change(face: Pixels, random: np.random.Generator) -> Pixels:
        return _bytes(face * light + random.normal(0, 2, face.shape))

    return change


def jpeg(quality: int) -> Change:
    def change(face: Pixels, _random: np.random.Generator) -> Pixels:
        _, data = cv2.imencode(".jpg", face, [cv2.IMWRITE_JPEG_QUALITY, quality])
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)

    return change


def low_resolution(share: float) -> Change:
    """Seen with a share of its pixels on each side, then enlarged again."""

    def change(face: Pixels, _random: np.random.Generator) -> Pixels:
        small = cv2.resize(face, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        return _bytes(cv2.resize(small, face.shape[::-1], interpolation=cv2.INTER_LINEAR))

    return change


def rotation(degrees: float) -> Change:
    """Turned to either side about the middle."""
    return lambda face, random: _warp(face, degrees * random.choice([-1, 1]), (0.0, 0.0))


def off_centre(share: float) -> Change:
    """Cut beside the face: moved by a share of the side in any direction."""

    def change(face: Pixels, random: np.random.Generator) -> Pixels:
        angle = random.uniform(0, 2 * np.pi)
        return _warp(face, 0.0, (share * np.cos(angle), share * np.sin(angle)))

    return change


CONDITIONS: Final[dict[str, Change]] = {
    "blur, sigma 1/48 of the side": blur(1 / 48),
    "blur, sigma 2/48 of the side": blur(2 / 48),
    "darkness, half the light": darkness(0.5),
    "darkness, a fifth of the light": darkness(0.2),
    "JPEG, quality 30": jpeg(30),
    "JPEG, quality 10": jpeg(10),
    "low resolution, half": low_resolution(0.5),
    "low resolution, a third": low_resolution(1 / 3),
    "rotation, 15 degrees": rotation(15),
    "rotation, 30 degrees": rotation(30),
    "off-centre, a tenth of the side": off_centre(0.1),
    "off-centre, a fifth of the side": off_centre(0.2),
}


def worsened(pixels: Pixels, seed: int = 0) -> Iterator[tuple[str, Pixels]]:
    """Faces N x S x S -> each condition's name and the faces in it; the same for the same seed."""
    for name, change in CONDITIONS.items():
        random = np.random.default_rng(seed)
        yield name, np.stack([change(np.ascontiguousarray(face), random) for face in pixels])


def _warp(face: Pixels, degrees: float, shift: tuple[float, float]) -> Pixels:
    side = len(face)
    matrix = cv2.getRotationMatrix2D(((side - 1) / 2, (side - 1) / 2), degrees, 1.0)
    matrix[:, 2] += np.array(shift) * side
    return _bytes(cv2.warpAffine(face, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE))


def _bytes(values: npt.NDArray[Any]) -> Pixels:
    return np.asarray(np.clip(np.rint(values), 0, 255), dtype=np.uint8)
