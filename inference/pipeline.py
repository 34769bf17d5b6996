"""Pictures -> analyses: the one door that others use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch

from inference import quality
from inference.align import align
from inference.bundle import Bundle, load_bundle
from inference.classify import Classifier
from inference.detect import SMALLEST_FACE, Detector
from inference.image import BadImage, Picture, decode
from inference.threshold import mixture
from inference.types import Analysis, Face, FaceReading, Status

SHIPPED: Final = Path(__file__).parent / "bundles" / "moodtide"


class Pipeline:
    """Decode, detect, align, classify and threshold with one bundle."""

    def __init__(self, bundle: Bundle, smallest_face: float = SMALLEST_FACE) -> None:
        self.manifest = bundle.manifest
        self._detector = Detector(smallest_face)
        self._classifier = Classifier(bundle)

    @classmethod
    def load(cls, folder: Path = SHIPPED, smallest_face: float = SMALLEST_FACE) -> Pipeline:
        """Verify and load a bundle. Raises ``BundleError``."""
        return cls(load_bundle(folder), smallest_face)

    def analyse(self, pictures: Sequence[bytes], every_face: bool = False) -> list[Analysis]:
        """Read each picture's largest face; bytes that are no picture give BAD_IMAGE, never an exception.

        Other faces belong to people who weren't asked: they are found, but read only with ``every_face``.
        """
        return [self._analyse_bytes(data, every_face) for data in pictures]

    def analyse_picture(self, picture: Picture, every_face: bool = False) -> Analysis:
        """Read the largest face of one decoded picture, or every face; the status is that of the largest."""
        height, width = picture.shape[:2]
        faces = self._detector.detect(picture)
        if not faces:
            return Analysis(quality.verdict_without_face(picture), width=width, height=height)
        readings = self._read(picture, faces, len(faces) if every_face else 1)
        return Analysis(_status(picture, readings[0]), readings, width, height)

    def warm_up(self) -> None:
        """Run every network once, so that the first person doesn't wait for it."""
        with torch.inference_mode():
            self.analyse_picture(np.full((480, 640, 3), 127, dtype=np.uint8))
            size = self.manifest.crop.size
            self._classifier.intensities(np.zeros((1, size, size), dtype=np.uint8))

    def _analyse_bytes(self, data: bytes, every_face: bool) -> Analysis:
        try:
            return self.analyse_picture(decode(data), every_face)
        except BadImage as error:
            return Analysis(Status.BAD_IMAGE, detail=str(error))

    def _read(self, picture: Picture, faces: Sequence[Face], count: int) -> tuple[FaceReading, ...]:
        fair = [face for face in faces[:count] if quality.verdict(picture, face) is Status.READ]
        crop = self.manifest.crop
        crops = np.array([align(picture, face, crop) for face in fair], dtype=np.uint8)
        rows = self._classifier.intensities(crops)
        mixtures = {
            id(face): mixture(row.tolist(), self.manifest.thresholds) for face, row in zip(fair, rows, strict=True)
        }
        return tuple(FaceReading(face, mixtures.get(id(face))) for face in faces)


def _status(picture: Picture, largest: FaceReading) -> Status:
    if largest.mixture is None:
        return quality.verdict(picture, largest.face)
    return Status.READ if largest.mixture.present else Status.NO_CLEAR_READING
