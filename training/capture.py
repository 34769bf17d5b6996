"""A camera, a film or a folder of photographs -> aligned crops of one person's face under one label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image

from inference import quality
from inference.align import align
from inference.bundle import Crop, load_manifest
from inference.detect import Detector
from inference.image import BadImage, Picture, decode
from inference.live import frames, has_screen, opened, show
from inference.pipeline import SHIPPED
from inference.types import Face, Status
from training.formats import PICTURES
from training.likeness import Hashes, distances, perceptual_hash
from training.sources import DataError

SIZE: Final = 96  # twice what the shipped network looks at, for one that looks closer
# Of 64 bits. Neighbouring frames of a film of a still face differ by 2 to 4; another expression mostly by more.
SAME: Final = 4
TITLE: Final = "Capture (q quits)"
REPEATED: Final = "repeated"


@dataclass
class Tally:
    """How far a capture is: crops in the label's folder, and why frames were refused."""

    saved: int
    refused: Counter[str] = field(default_factory=Counter)

    def as_text(self, label: str, count: int) -> str:
        why = ", ".join(f"{number} {reason.replace('_', ' ')}" for reason, number in sorted(self.refused.items()))
        return f"{self.saved} of {count} crops of {label}" + (f"; refused: {why}" if why else "")


class Shelf:
    """One label's folder of crops, which remembers what it holds so that a capture can go on later."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._hashes = [perceptual_hash(read_crop(path)) for path in sorted(folder.glob("*.png"))]

    def __len__(self) -> int:
        return len(self._hashes)

    def has_alike(self, crop: Picture) -> bool:
        """Is this crop, or one that can hardly be told from it, here already?"""
        held: Hashes = np.array(self._hashes, dtype=np.uint64)
        return bool((distances(perceptual_hash(crop), held) <= SAME).any())

    def add(self, name: str, crop: Picture) -> None:
        """Written beside and renamed, so that a capture that is cut off leaves no half picture.

        What it looks like is part of its name: two films in two folders may bear one.
        """
        looks = perceptual_hash(crop)
        beside = self.folder / f".{name}.tmp"
        Image.fromarray(crop).save(beside, "PNG")
        beside.replace(self.folder / f"{name}-{looks:016x}.png")
        self._hashes.append(looks)


def capture(pictures: Iterator[tuple[str, Picture | None]], label: str, count: int, out: Path, window: bool) -> Tally:
    """Save crops under ``out/label`` until there are ``count``, the pictures end, or q is pressed in the window.

    Frames without a face, or with one too small, dark or blurred to be read fairly, or that repeat what is held,
    are refused. Crops already there count, so that a capture resumes. Where there is no screen, none is used.
    """
    shelf, detector, shape = Shelf(out / label), Detector(), crop_shape()
    tally = Tally(len(shelf))
    if window and not has_screen():
        print("There is no screen to show a window on; capturing without one.")
        window = False
    for name, picture in pictures:
        if tally.saved >= count:
            break
        faces = detector.detect(picture) if picture is not None else []
        refusal = _refusal(picture, faces) or _keep(shelf, name, align(_there(picture), faces[0], shape))
        tally.refused.update([refusal] if refusal else [])
        tally.saved = len(shelf)
        if window and picture is not None and not show(_drawn(picture, faces, refusal, tally, count), TITLE):
            break
    return tally


def crop_shape() -> Crop:
    """The shipped pipeline's own cut, so that what is learned from looks like what will be read, at a larger size."""
    return replace(load_manifest(SHIPPED).crop, size=SIZE)


def read_crop(path: Path) -> Picture:
    """A saved crop, S x S grey. Raises ``DataError``."""
    try:
        with Image.open(path) as image:
            return np.asarray(image.convert("L"), dtype=np.uint8)
    except OSError as error:
        raise DataError(f"{path} is not a picture that can be opened.") from error


def _refusal(picture: Picture | None, faces: list[Face]) -> str:
    """Why a frame is of no use; empty where it is."""
    if picture is None:
        return Status.BAD_IMAGE.value
    verdict = quality.verdict(picture, faces[0]) if faces else quality.verdict_without_face(picture)
    return "" if verdict is Status.READ else verdict.value


def _there(picture: Picture | None) -> Picture:
    assert picture is not None  # a picture that isn't there was refused
    return picture


def _keep(shelf: Shelf, name: str, crop: Picture) -> str:
    if shelf.has_alike(crop):
        return REPEATED
    shelf.add(name, crop)
    return ""


def _drawn(picture: Picture, faces: list[Face], refusal: str, tally: Tally, count: int) -> Picture:
    """The frame in BGR with the face's box: green where it was saved, red where it was refused, and why."""
    drawn = np.ascontiguousarray(picture[..., ::-1])
    colour = (60, 60, 230) if refusal else (90, 200, 90)
    for left, top, right, bottom in (face.box for face in faces[:1]):
        cv2.rectangle(drawn, (int(left), int(top)), (int(right), int(bottom)), colour, 2, cv2.LINE_AA)
    line = f"{tally.saved}/{count}  {refusal.replace('_', ' ') or 'saved'}"
    cv2.putText(drawn, line, (10, 28), cv2.FONT_HERSHEY_SIMPLEX, 0.8, colour, 2, cv2.LINE_AA)
    return drawn


def from_camera(number: int) -> Iterator[tuple[str, Picture | None]]:
    """RGB frames of a camera, named for the moment that it was opened. Raises ``CannotOpen``."""
    return _film(number, f"camera{number}-{datetime.now(UTC):%Y%m%dT%H%M%S}")


def from_video(path: Path) -> Iterator[tuple[str, Picture | None]]:
    """RGB frames of a film, named for it. Raises ``CannotOpen``."""
    return _film(str(path), path.stem)


def _film(source: int | str, stem: str) -> Iterator[tuple[str, Picture | None]]:
    with opened(source) as film:
        for number, frame in enumerate(frames(film)):
            yield f"{stem}-{number:06d}", np.ascontiguousarray(frame[..., ::-1])


def from_images(folder: Path) -> Iterator[tuple[str, Picture | None]]:
    """The photographs of a folder by name; None for what can't be opened. Raises ``DataError`` where there are none."""
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in (*PICTURES, ".heic"))
    if not paths:
        raise DataError(f"{folder} holds no photographs.")
    for path in paths:
        try:
            yield path.stem, decode(path.read_bytes())
        except BadImage:
            yield path.stem, None
