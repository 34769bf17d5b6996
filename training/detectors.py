"""Face detectors side by side: faces found on photographs of one person, false faces, and time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
import torch

from inference.image import Picture, decode
from training.intervals import proportion
from training.optional import need
from training.photos import listed

Box = tuple[float, float, float, float]
Finder = Callable[[Picture], Sequence[Box]]
SMALLEST: Final = 0.1  # of a photograph's shorter side, for those that can be told
TILES: Final = 4
PHOTOS: Final = 1000


def _ours(side: int) -> Finder:
    from inference.detect import Detector

    detector = Detector(SMALLEST)
    return lambda picture: [face.box for face in detector.detect(picture)]


def _facenet(side: int) -> Finder:
    from inference.bench import FacenetDetector

    detector = FacenetDetector(max(round(SMALLEST * side), 20))
    return lambda picture: [face.box for face in detector.detect(picture)]


def _haar(side: int) -> Finder:
    path = Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"
    cascade, least = cv2.CascadeClassifier(str(path)), round(SMALLEST * side)

    def find(picture: Picture) -> list[Box]:
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        boxes = cascade.detectMultiScale(grey, 1.1, 5, minSize=(least, least))
        return [(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h in boxes]

    return find


def _dlib(side: int) -> Finder:
    need("dlib", "dlib-bin")
    import dlib

    detector = dlib.get_frontal_face_detector()

    def find(picture: Picture) -> list[Box]:
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        return [(float(r.left()), float(r.top()), float(r.right()), float(r.bottom())) for r in detector(grey, 0)]

    return find


DETECTORS: Final[dict[str, tuple[str, Callable[[int], Finder]]]] = {
    "mtcnn-ours": ("MTCNN (ours)", _ours),
    "mtcnn-facenet": ("MTCNN (facenet-pytorch)", _facenet),
    "haar": ("Haar cascade (OpenCV)", _haar),
    "dlib-hog": ("HOG (dlib), faces from 80 pixels on", _dlib),
}


def photographs(path: Path, seed: int = 0, count: int = PHOTOS) -> Iterator[Picture]:
    """Photographs that a folder's or zip's labels.csv lists, drawn at random. Raises ``DataError``."""
    source, photos = listed(path)
    for row in np.random.default_rng(seed).permutation(len(photos))[:count]:
        yield decode(source.read(photos[row].name))


def measure_detector(name: str, photos: Iterator[Picture], budget: float, seed: int = 0) -> dict[str, Any]:
    """Figures of one detector on photographs with a face in the middle, until they or the budget end.

    A face is found where a box holds the middle of the photograph. A false face is a box on the same photograph
    cut into 4 x 4 tiles and shuffled, where no whole face is left. Boxes elsewhere may be other people. ``budget``
    in seconds of the processor; milliseconds are the median a photograph, on one thread. Raises ``Unavailable``.
    """
    random, before = np.random.default_rng(seed), time.process_time()
    find: Finder | None = None
    found = elsewhere = false = 0
    taken: list[float] = []
    threads = torch.get_num_threads(), cv2.getNumThreads()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    try:
        for photo in photos:
            find = find or _warm(name, photo)
            started = time.perf_counter()
            boxes = find(photo)
            taken.append(time.perf_counter() - started)
            middle = [box for box in boxes if _holds_middle(box, photo)]
            found, elsewhere = found + bool(middle), elsewhere + len(boxes) - len(middle)
            false += len(find(shuffled(photo, random)))
            if time.process_time() - before > budget:
                break
    finally:
        torch.set_num_threads(threads[0])
        cv2.setNumThreads(threads[1])
    return {
        "title": DETECTORS[name][0],
        "photographs": len(taken),
        "found": proportion(found, len(taken)),
        "elsewhere_in_100": round(100 * elsewhere / max(len(taken), 1), 1),
        "false_in_100": round(100 * false / max(len(taken), 1), 1),
        "milliseconds": round(float(np.median(taken)) * 1000, 2) if taken else 0.0,
    }


def _warm(name: str, photo: Picture) -> Finder:
    find = DETECTORS[name][1](min(photo.shape[:2]))
    find(photo)
    return find


def _holds_middle(box: Box, photo: Picture) -> bool:
    height, width = photo.shape[:2]
    return bool(box[0] <= width / 2 <= box[2] and box[1] <= height / 2 <= box[3])


def shuffled(photo: Picture, random: np.random.Generator) -> Picture:
    """The photograph's 4 x 4 tiles in another order, none where it was; what doesn't divide is left out."""
    height, width = (side // TILES for side in photo.shape[:2])
    tiles = [
        photo[row * height : (row + 1) * height, column * width : (column + 1) * width]
        for row in range(TILES)
        for column in range(TILES)
    ]
    order = _derangement(len(tiles), random)
    rows = [np.hstack([tiles[i] for i in order[start : start + TILES]]) for start in range(0, len(tiles), TILES)]
    return np.ascontiguousarray(np.vstack(rows))


def _derangement(count: int, random: np.random.Generator) -> npt.NDArray[np.int64]:
    while True:
        order = random.permutation(count)
        if (order != np.arange(count)).all():
            return order
