"""Seeded drawn faces of all eight emotions: for trying every command out in seconds, without any data."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from inference.emotions import EMOTIONS
from inference.image import Picture
from training.datasets import SIDE, Faces
from training.formats import VIEWERS, VOTE_COLUMNS

NAME: Final = "synthetic"
TITLE: Final = "drawn faces"
COUNTS: Final = {"train": 400, "valid": 144, "test": 144}
# How often each is drawn, roughly as in FER+; how the mouth curves, how far it and the eyes open, how the brows tilt.
SHARES: Final = (0.26, 0.22, 0.14, 0.13, 0.11, 0.05, 0.05, 0.04)
FEATURES: Final = {
    "neutral": (0.0, 0.0, 0.5, 0.0),
    "happiness": (1.0, 0.4, 0.4, 0.0),
    "surprise": (0.0, 1.0, 1.0, 0.2),
    "sadness": (-0.9, 0.0, 0.3, 0.8),
    "anger": (-0.6, 0.1, 0.4, -1.0),
    "disgust": (-0.5, 0.6, 0.1, -0.5),
    "fear": (-0.4, 0.7, 1.0, 0.8),
    "contempt": (0.5, 0.0, 0.2, -0.4),
}
LARGE: Final = 4  # drawn that much larger and averaged, so that lines are soft


def synthetic(split: str, seed: int = 0) -> Faces:
    """A split of drawn faces: each shows a main emotion and a trace of another, and ten viewers vote by how much."""
    count = COUNTS[split]
    random = np.random.default_rng([seed, list(COUNTS).index(split)])
    main, other = (random.choice(len(EMOTIONS), count, p=SHARES) for _ in range(2))
    trace = random.beta(1.2, 5, count)
    mixed = np.array([FEATURES[emotion] for emotion in EMOTIONS])
    shapes = mixed[main] * (1 - trace[:, None]) + mixed[other] * trace[:, None]
    pixels = np.stack([_shrunk(_drawn(shape, random), SIDE, random) for shape in shapes])
    chances = np.full((count, len(VOTE_COLUMNS)), 0.004)
    chances[np.arange(count), main] += 1 - trace
    chances[np.arange(count), other] += trace
    votes = np.stack([random.multinomial(VIEWERS, row / row.sum()) for row in chances])
    return Faces(pixels, votes, tuple(f"drawn-{split}-{number:04d}.png" for number in range(count)))


def synthetic_photos(count: int = 24, side: int = 224, seed: int = 0) -> list[Picture]:
    """RGB pictures of ``side`` pixels with a drawn face in the middle of each."""
    random = np.random.default_rng([seed, 99])
    photos = []
    for _ in range(count):
        shape = np.array(list(FEATURES.values())[int(random.integers(len(FEATURES)))])
        face = _shrunk(_drawn(shape, random), side // 2, random)
        photo = random.normal(120, 8, (side, side)).clip(0, 255).astype(np.uint8)
        start = side // 4
        photo[start : start + len(face), start : start + len(face)] = face
        photos.append(np.stack([photo, photo // 8 * 7, photo // 8 * 6], axis=2).astype(np.uint8))
    return photos


def _drawn(shape: npt.NDArray[np.float64], random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """A face, four times as large as it will be, with its own light, place and size."""
    curve, mouth, eyes, brows = shape + random.normal(0, 0.12, 4)
    side = SIDE * LARGE
    picture = np.full((side, side), random.integers(40, 110), dtype=np.uint8)
    skin, ink = int(random.integers(130, 225)), int(random.integers(10, 60))
    x, y = (int(value) for value in side / 2 + random.normal(0, 5, 2))
    unit = float(side * random.uniform(0.9, 1.1))

    def at(across: float, down: float) -> tuple[int, int]:
        return int(x + across * unit), int(y + down * unit)

    cv2.ellipse(picture, (x, y), (int(0.38 * unit), int(0.46 * unit)), 0, 0, 360, skin, -1, cv2.LINE_AA)
    for way in (-1, 1):
        _eye(picture, at(way * 0.16, -0.1), unit, max(float(eyes), 0.05), ink)
        tilt = way * 0.05 * float(brows)
        cv2.line(picture, at(way * 0.16 - 0.08, -0.2 - tilt), at(way * 0.16 + 0.08, -0.2 + tilt), ink, 7, cv2.LINE_AA)
    cv2.line(picture, at(0, -0.06), at(-0.02, 0.06), skin // 3 * 2, 5, cv2.LINE_AA)
    across = np.linspace(-1, 1, 21)
    lip = [at(0.17 * a, 0.22 + 0.09 * float(curve) * (0.5 - a * a)) for a in across]
    low = [
        at(0.17 * a, 0.22 + 0.09 * float(curve) * (0.5 - a * a) + 0.16 * max(mouth, 0) * (1 - a * a)) for a in across
    ]
    cv2.fillPoly(picture, [np.array(lip + low[::-1], dtype=np.int32)], ink, cv2.LINE_AA)
    cv2.polylines(picture, [np.array(lip, dtype=np.int32)], False, ink, 6, cv2.LINE_AA)
    return picture


def _eye(picture: npt.NDArray[np.uint8], centre: tuple[int, int], unit: float, opened: float, ink: int) -> None:
    cv2.ellipse(picture, centre, (int(0.07 * unit), int(0.055 * opened * unit) + 2), 0, 0, 360, 245, -1, cv2.LINE_AA)
    cv2.circle(picture, centre, int(0.025 * unit), ink, -1, cv2.LINE_AA)


def _shrunk(picture: npt.NDArray[np.uint8], side: int, random: np.random.Generator) -> npt.NDArray[np.uint8]:
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray((small + random.normal(0, 4, small.shape)).clip(0, 255), dtype=np.uint8)
