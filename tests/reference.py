"""facenet-pytorch's own MTCNN, which our detector is held against."""

from __future__ import annotations

import numpy as np

from inference import torchvision_ops
from inference.image import Picture
from inference.types import Face


class Reference:
    """Finds faces of at least ``smallest`` pixels, one picture at a time."""

    def __init__(self, smallest: int) -> None:
        torchvision_ops.prepare()
        from facenet_pytorch import MTCNN

        self._mtcnn = MTCNN(keep_all=True, min_face_size=smallest)

    def detect(self, picture: Picture) -> list[Face]:
        """Largest first."""
        if min(picture.shape[:2]) < self._mtcnn.min_face_size:
            return []  # it has no level to look at, and raises
        boxes, scores, landmarks = self._mtcnn.detect(picture, landmarks=True)
        if boxes is None:
            return []
        found = zip(np.float64(boxes).tolist(), scores, np.float64(landmarks).tolist(), strict=True)
        return [Face(tuple(box), float(score), tuple(map(tuple, points))) for box, score, points in found]
