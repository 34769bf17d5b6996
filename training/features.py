"""A face -> numbers that classical methods learn from: pixels, textures, edges, landmarks, embeddings."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from training.datasets import Faces
from training.optional import file_of, need
from training.shipped import fingerprint

Rows = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
CHUNK: Final = 1024
PREDICTOR: Final = "shape_predictor_68_face_landmarks.dat"
# Predictor and descriptors were made for larger faces than FER's 48 pixels.
ENLARGED: Final = 3
OUTER_EYES: Final = (36, 45)
LANDMARKS_LICENCE: Final = "the landmark predictor's data (iBUG 300-W) bars commercial use"


def pixels(faces: Pixels) -> Rows:
    """N x S x S -> N x S*S, 0..1."""
    return np.asarray(faces.reshape(len(faces), -1) / np.float32(255), dtype=np.float32)


def local_binary_patterns(faces: Pixels) -> Rows:
    """Histograms of the 59 uniform patterns in a grid of 4 x 4 (Ahonen et al. 2006): N x 944."""
    need("skimage", "scikit-image")
    from skimage.feature import local_binary_pattern

    return np.stack([_grid_histogram(local_binary_pattern(face, 8, 1, "nri_uniform")) for face in faces])


def _grid_histogram(patterns: npt.NDArray[Any], cells: int = 4, kinds: int = 59) -> Rows:
    rows = np.array_split(patterns.astype(np.int64), cells)
    parts = [part for row in rows for part in np.array_split(row, cells, axis=1)]
    return np.concatenate([np.bincount(part.ravel(), minlength=kinds) / part.size for part in parts]).astype(np.float32)


def oriented_gradients(faces: Pixels) -> Rows:
    """Histogram of oriented gradients (Dalal and Triggs 2005), 9 directions, 6 x 6 cells, blocks of 2 x 2: N x 900."""
    need("skimage", "scikit-image")
    from skimage.feature import hog

    cell = faces.shape[1] // 6
    return np.stack(
        [hog(face, 9, (cell, cell), (2, 2), block_norm="L2-Hys", transform_sqrt=True) for face in faces]
    ).astype(np.float32)


def landmark_distances(faces: Pixels) -> Rows:
    """Distances between all pairs of 68 landmarks, in distances between the outer corners of the eyes: N x 2278.

    The crop is taken for the face's box. dlib's predictor (Kazemi and Sullivan 2014) is in face-recognition-models.
    """
    return distances(landmarks(faces))


def landmarks(faces: Pixels) -> Rows:
    """N x 68 x 2, in pixels of the crop, in the order of iBUG 300-W. Raises ``Unavailable``."""
    need("dlib", "dlib-bin")
    import dlib

    predict = _predictor(str(file_of("face-recognition-models", PREDICTOR)))
    side = faces.shape[1] * ENLARGED
    # The predictor learned with the boxes of dlib's detector, which leave out the forehead and the edges.
    box = dlib.rectangle(round(0.06 * side), round(0.12 * side), round(0.94 * side), side)
    found = np.empty((len(faces), 68, 2), dtype=np.float32)
    for row, face in enumerate(faces):
        large = cv2.resize(np.asarray(face), (side, side), interpolation=cv2.INTER_CUBIC)
        shape = predict(large, box)
        found[row] = [(shape.part(i).x / ENLARGED, shape.part(i).y / ENLARGED) for i in range(68)]
    return found


@lru_cache(maxsize=1)
def _predictor(path: str) -> Any:
    import dlib

    return dlib.shape_predictor(path)


def distances(points: Rows) -> Rows:
    """N x 68 x 2 points -> N x 2278 distances between their pairs, free of place, turn and size."""
    one, other = np.array(list(combinations(range(points.shape[1]), 2))).T
    between = np.linalg.norm(points[:, one] - points[:, other], axis=2)
    left, right = OUTER_EYES
    eyes = np.linalg.norm(points[:, left] - points[:, right], axis=1)
    return np.asarray(between / np.maximum(eyes, 1e-3)[:, None], dtype=np.float32)


def embeddings(faces: Pixels) -> Rows:
    """What the shipped network knows of a face before it names emotions: N x 192."""
    import torch

    network, crop = _shipped()
    with torch.inference_mode():
        values = torch.from_numpy(np.array(faces)).float().div_(255).unsqueeze(1)
        return np.asarray(network.embed((values - crop.mean) / crop.std).numpy())


@lru_cache(maxsize=1)
def _shipped() -> Any:
    import torch

    from inference.bundle import load_bundle
    from inference.network import build
    from inference.pipeline import SHIPPED

    bundle = load_bundle(SHIPPED)
    network = build(bundle.manifest.architecture, len(bundle.manifest.outputs)).eval()
    network.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in bundle.weights.items()})
    return network, bundle.manifest.crop


FEATURES: Final[dict[str, Callable[[Pixels], Rows]]] = {
    "pixels": pixels,
    "lbp": local_binary_patterns,
    "hog": oriented_gradients,
    "landmarks": landmark_distances,
    "embeddings": embeddings,
}


def made_by(feature: str) -> str:
    """Which weights a feature depends on, so that what was made with others isn't taken for it; "" where on none."""
    return fingerprint() if feature == "embeddings" else ""


class FeatureStore:
    """The features of some faces, made when they are asked for and kept in a folder, a thousand faces a file."""

    def __init__(self, faces: Faces, folder: Path) -> None:
        self.faces, self.folder = faces, folder

    def first(self, feature: str, count: int) -> Rows:
        """Of the first ``count`` faces: count x D."""
        starts = range(0, count, CHUNK)
        return np.concatenate([self._chunk(feature, start) for start in starts])[:count]

    def _chunk(self, feature: str, start: int) -> Rows:
        folder = "-".join(filter(None, (feature, made_by(feature)[:12])))
        path = self.folder / folder / f"{start:06d}.npy"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(".tmp")
            with beside.open("wb") as file:
                np.save(file, FEATURES[feature](np.asarray(self.faces.pixels[start : start + CHUNK])))
            beside.replace(path)
        rows: Rows = np.load(path)
        return rows
