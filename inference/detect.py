"""Faces in a picture: MTCNN (Zhang et al. 2016) with facenet-pytorch's published weights."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import torch

from inference import torchvision_ops
from inference.image import Picture
from inference.types import Face

torchvision_ops.prepare()

from facenet_pytorch import MTCNN  # noqa: E402  (torchvision must be made importable first)

# Of the picture's shorter side. A face before a webcam fills a third of it; what is much smaller is somebody
# in the background, and every halving of this doubles the work.
SMALLEST_FACE: Final = 0.1
# MTCNN's first network looks at 12 pixels; below 20 its boxes are guesses.
FEWEST_PIXELS: Final = 20


class Detector:
    """Finds faces; ``smallest_face`` is the smallest side looked for, as a share of the shorter side."""

    def __init__(self, smallest_face: float = SMALLEST_FACE) -> None:
        self.smallest_face = smallest_face
        self._mtcnn = MTCNN(keep_all=True, device="cpu").eval()

    @torch.inference_mode()
    def detect(self, picture: Picture) -> list[Face]:
        """Faces of one upright RGB picture, largest first."""
        side = min(picture.shape[:2])
        self._mtcnn.min_face_size = max(FEWEST_PIXELS, round(side * self.smallest_face))
        boxes, scores, landmarks = self._mtcnn.detect(picture, landmarks=True)
        if boxes is None:
            return []
        faces = [_face(*found) for found in zip(boxes, scores, landmarks, strict=True)]
        return sorted(faces, key=lambda face: face.area, reverse=True)


def _face(box: Any, score: Any, landmarks: Any) -> Face:
    left, top, right, bottom = np.asarray(box, dtype=float).tolist()
    points = np.asarray(landmarks, dtype=float).tolist()
    return Face((left, top, right, bottom), float(score), tuple((x, y) for x, y in points))
