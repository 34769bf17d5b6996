"""Pictures -> analyses: the one door that others use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from inference import quality
from inference.align import align
from inference.bundle import Bundle, load_bundle
from inference.classify import Classifier
from inference.detect import SMALLEST_FACE, Detector
from inference.image import MAX_SIDE, BadImage, Picture, decode
from inference.spread import Spread
from inference.threshold import mixture
from inference.types import Analysis, FaceReading, Status

SHIPPED: Final = Path(__file__).parent / "bundles" / "moodtide"
# Pictures that each thread has in memory at once.
TOGETHER: Final = 16
# The shorter side of a picture, in pixels, from which a larger one shows no more: a tenth of it, the smallest face
# that is looked for, is then as large as the network's crop.
ENOUGH: Final = 480


class Pipeline:
    """Decode, detect, align, classify and threshold with one bundle.

    ``smallest_face`` is a share of the picture's shorter side. ``threads`` read different
    pictures at a time; beside more than one, torch should have one thread itself: see ``Spread``.
    """

    def __init__(self, bundle: Bundle, smallest_face: float = SMALLEST_FACE, threads: int = 1) -> None:
        self.manifest = bundle.manifest
        self._spread = Spread(threads)
        self._detector = Detector(smallest_face)
        self._classifier = Classifier(bundle)

    @classmethod
    def load(cls, folder: Path = SHIPPED, smallest_face: float = SMALLEST_FACE, threads: int = 1) -> Pipeline:
        """Verify and load a bundle. Raises ``BundleError``."""
        return cls(load_bundle(folder), smallest_face, threads)

    def analyse(self, pictures: Sequence[bytes], every_face: bool = False) -> list[Analysis]:
        """Read each picture's largest face; bytes that are no picture give BAD_IMAGE, never an exception.

        Other faces belong to people who weren't asked: where they are large they are found, but read only with
        ``every_face``, which finds the small ones in the background too.
        """
        together = max(1, min(TOGETHER, -(-len(pictures) // self._spread.threads)))
        batches = [pictures[start : start + together] for start in range(0, len(pictures), together)]
        read = self._spread(lambda batch: self._analyse_batch(batch, every_face), batches)
        return [analysis for batch in read for analysis in batch]

    def analyse_picture(self, picture: Picture, every_face: bool = False) -> Analysis:
        """Read the largest face of one decoded picture, or every face; the status is that of the largest."""
        return self._analyse_pictures([picture], every_face)[0]

    def warm_up(self) -> None:
        """Run every network once on the largest picture there is, so that the first person doesn't wait for it.

        It also settles the memory: after a block of this size glibc keeps what it is given back for the next
        picture, where it would return and fetch those pages for every single one.
        """
        self.analyse_picture(np.full((MAX_SIDE, MAX_SIDE, 3), 127, dtype=np.uint8))
        size = self.manifest.crop.size
        self._detector.warm_up()
        self._classifier.intensities(np.zeros((1, size, size), dtype=np.uint8))

    def _analyse_batch(self, batch: Sequence[bytes], every_face: bool) -> list[Analysis]:
        opened = [_opened(data) for data in batch]
        read = iter(self._analyse_pictures([p for p in opened if not isinstance(p, Analysis)], every_face))
        return [found if isinstance(found, Analysis) else next(read) for found in opened]

    def _analyse_pictures(self, pictures: Sequence[Picture], every_face: bool) -> list[Analysis]:
        """Detect in all pictures, then classify all crops in one forward pass."""
        found = self._detector.detect_all(pictures, every_face)
        asked = [faces if every_face else faces[:1] for faces in found]
        fair = [
            (picture, face)
            for picture, faces in zip(pictures, asked, strict=True)
            for face in faces
            if quality.verdict(picture, face) is Status.READ
        ]
        crop, thresholds = self.manifest.crop, self.manifest.thresholds
        rows = self._classifier.intensities(np.array([align(*pair, crop) for pair in fair], dtype=np.uint8))
        mixtures = {id(face): mixture(row.tolist(), thresholds) for (_, face), row in zip(fair, rows, strict=True)}
        readings = [tuple(FaceReading(face, mixtures.get(id(face))) for face in faces) for faces in found]
        return [_analysis(*pair) for pair in zip(pictures, readings, strict=True)]


def _opened(data: bytes) -> Picture | Analysis:
    try:
        return decode(data, enough=ENOUGH)
    except BadImage as error:
        return Analysis(Status.BAD_IMAGE, detail=str(error))


def _analysis(picture: Picture, readings: tuple[FaceReading, ...]) -> Analysis:
    height, width = picture.shape[:2]
    status = _status(picture, readings[0]) if readings else quality.verdict_without_face(picture)
    return Analysis(status, readings, width, height)


def _status(picture: Picture, largest: FaceReading) -> Status:
    if largest.mixture is None:
        return quality.verdict(picture, largest.face)
    return Status.READ if largest.mixture.present else Status.NO_CLEAR_READING
