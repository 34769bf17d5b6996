"""Bundles that have learned -> what another network can learn from them, on faces with votes and on photographs.

A teacher says of each face how it thinks that viewers would vote. Where there are votes it says more than ten of
them can; where there are none it is all there is (Hinton et al. 2015, "Distilling the knowledge in a neural
network"). The teachers must have learned from the same Train faces and from nothing else that has emotion labels.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from inference import quality
from inference.align import align
from inference.bundle import Crop, Manifest, load_bundle
from inference.classify import Classifier
from inference.detect import Detector
from inference.image import BadImage, Picture, decode
from inference.pipeline import ENOUGH
from inference.types import Face, Status
from training.datasets import Faces
from training.formats import VOTE_COLUMNS
from training.photos import listed
from training.sources import DataError

Pixels = npt.NDArray[np.uint8]
Shares = npt.NDArray[np.float32]
AT_ONCE: Final = 64
# A photograph is cut out a little wider and tighter too, and what is seen on the three is averaged: no one
# knows how a detector's box lies on a face, and no reading should hang on it.
CUTS: Final = (0.9, 1.0, 1.1)


@dataclass(frozen=True)
class Teacher:
    """Who says so, what it had learned from itself, and under which licence: as its manifest has it."""

    name: str
    sha256: str = ""
    data: tuple[str, ...] = ()
    licence: str = ""


@dataclass(frozen=True)
class Lessons:
    """``labelled`` N x 10: shares for the faces that have votes, called ``names``. ``pixels`` M x S x S: faces that
    nobody has labelled, and ``shares`` M x 10 for them. ``credit``: whose photographs the unlabelled faces are from,
    and under which licence."""

    names: tuple[str, ...]
    labelled: Shares
    pixels: Pixels
    shares: Shares
    teachers: tuple[Teacher, ...]
    credit: str = ""

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            np.savez(
                file,
                names=np.array(self.names),
                labelled=self.labelled,
                pixels=self.pixels,
                shares=self.shares,
                teachers=np.array(json.dumps([asdict(teacher) for teacher in self.teachers])),
                credit=np.array(self.credit),
            )

    @classmethod
    def load(cls, path: Path) -> Lessons:
        """Raises ``DataError``."""
        try:
            with np.load(path, allow_pickle=False) as held:
                told = json.loads(str(held["teachers"]))
                teachers = tuple(Teacher(**teacher | {"data": tuple(teacher["data"])}) for teacher in told)
                shown = (held["labelled"], held["pixels"], held["shares"])
                return cls(tuple(held["names"].tolist()), *shown, teachers, str(held["credit"]))
        except (OSError, ValueError, KeyError) as error:
            raise DataError(f"{path} holds no lessons, or some of an earlier program; teach again: {error}") from error

    def sources(self) -> list[str]:
        """What was learned from, a line each, for a manifest."""
        said = f"as read by {' and '.join(teacher.name for teacher in self.teachers)}"
        unlabelled = f"{len(self.pixels)} faces without labels from {self.credit}"
        return [f"the same faces, {said}"] + ([f"{unlabelled}, {said}"] if len(self.pixels) else [])

    def fingerprint(self) -> str:
        """Other lessons have another one."""
        return hashlib.sha256(self.labelled.tobytes() + self.pixels.tobytes() + self.shares.tobytes()).hexdigest()[:16]

    def for_faces(self, faces: Faces) -> Lessons:
        """These lessons, if they are about these faces. Raises ``DataError``."""
        if self.names != faces.names:
            raise DataError("The lessons are about other faces than those to learn from; teach with the same --data.")
        return self


class Teachers:
    """Several bundles that read one kind of crop; what they see is the mean of their shares.

    They look at each face's mirror image too, even those that have no time for it when they read (those that do need
    no second look). Raises ``BundleError``, and ``DataError`` where they don't fit together.
    """

    def __init__(self, bundles: Sequence[Path]) -> None:
        loaded = [load_bundle(bundle) for bundle in bundles]
        self.crop = loaded[0].manifest.crop
        for bundle in loaded:
            if bundle.manifest.outputs != VOTE_COLUMNS or bundle.manifest.crop.size != self.crop.size:
                raise DataError(f"{bundle.manifest.name} reads other crops, or says other things, than the first.")
        self.teachers = tuple(_introduced(bundle.manifest) for bundle in loaded)
        self.classifiers = [Classifier(bundle) for bundle in loaded]

    def look(self, crops: Pixels) -> Shares:
        """N x S x S -> N x 10 shares."""
        starts = tqdm(range(0, len(crops), AT_ONCE), desc="teaching", unit="batch")
        parts = [self._look(crops[start : start + AT_ONCE]) for start in starts]
        return np.concatenate(parts) if parts else np.empty((0, len(VOTE_COLUMNS)), dtype=np.float32)

    def _look(self, crops: Pixels) -> Shares:
        mirrored = np.ascontiguousarray(crops[:, :, ::-1])
        seen = [_both(teacher, crops, mirrored) for teacher in self.classifiers]
        return np.asarray(np.mean(seen, axis=0), dtype=np.float32)


def _introduced(manifest: Manifest) -> Teacher:
    data = tuple(str(line) for line in manifest.raw["data"])
    return Teacher(manifest.name, manifest.sha256, data, manifest.raw["licence"])


def _both(teacher: Classifier, crops: Pixels, mirrored: Pixels) -> Shares:
    views = (crops,) if teacher.manifest.crop.mirrored else (crops, mirrored)
    return np.asarray(np.mean([teacher.shares(view) for view in views], axis=0), dtype=np.float32)


def teach(teachers: Teachers, faces: Faces, photos: Path | None = None, credit: str = "") -> Lessons:
    """What the teachers see on labelled faces, and on the photographs of a folder or zip with a labels.csv.

    Of that file only the names of the photographs are read. ``credit`` names their source and licence; no bundle
    may leave here without. Raises ``DataError``.
    """
    if photos and not credit:
        raise DataError("Say whose photographs these are, and under which licence: it is written into the bundle.")
    size = teachers.crop.size
    cuts = np.empty((0, len(CUTS), size, size), dtype=np.uint8)
    if photos:
        found = list(_cut_out(photos, teachers.crop))
        cuts = np.stack(found) if found else cuts
    seen = [teachers.look(cuts[:, number]) for number in range(len(CUTS))]
    return Lessons(
        faces.names,
        teachers.look(faces.pixels),
        np.ascontiguousarray(cuts[:, CUTS.index(1.0)]),
        np.mean(seen, axis=0).astype(np.float32),
        teachers.teachers,
        credit,
    )


def _cut_out(photos: Path, crop: Crop) -> Iterator[Pixels]:
    """The largest face of each photograph that can be read fairly, cut as wide as each of ``CUTS``."""
    detector = Detector()
    source, rows = listed(photos)
    for photo in tqdm(rows, desc="cutting out faces", unit="photo"):
        try:
            picture = decode(source.read(photo.name), enough=ENOUGH)
        except BadImage as error:
            raise DataError(f"labels.csv, row {photo.number}: {photo.name} can't be read: {error}") from error
        face = next(iter(detector.detect(picture)), None)
        if face and quality.verdict(picture, face) is Status.READ:
            yield _cuts(picture, face, crop)


def _cuts(picture: Picture, face: Face, crop: Crop) -> Pixels:
    return np.stack([align(picture, face, replace(crop, scale=crop.scale * cut)) for cut in CUTS])
