"""FER+ in its official layout -> arrays of faces and votes."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image
from tqdm import tqdm

from inference.emotions import EMOTIONS

VOTE_COLUMNS: Final = (*EMOTIONS, "unknown", "not_a_face")
FOLDERS: Final = {"train": "FER2013Train", "valid": "FER2013Valid", "test": "FER2013Test"}
SIDE: Final = 48


class DataError(ValueError):
    """The data is not what its format promises; the sentence names the file and the row."""


@dataclass(frozen=True)
class Faces:
    """One split: ``pixels`` N x 48 x 48 uint8 grey, ``votes`` N x 10 in ``VOTE_COLUMNS`` order, ``names`` N."""

    pixels: npt.NDArray[np.uint8]
    votes: npt.NDArray[np.int64]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)


class Source(Protocol):
    """A folder or a zip file that holds ``data/FER2013Train`` and so on."""

    def read(self, name: str) -> bytes: ...

    def has(self, name: str) -> bool: ...


class FolderSource:
    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def has(self, name: str) -> bool:
        return (self.root / name).is_file()


class ZipSource:
    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path)
        self.names = frozenset(self.archive.namelist())

    def read(self, name: str) -> bytes:
        return self.archive.read(name)

    def has(self, name: str) -> bool:
        return name in self.names


def open_source(path: Path) -> Source:
    if path.is_dir():
        return FolderSource(path)
    if zipfile.is_zipfile(path):
        return ZipSource(path)
    raise DataError(f"{path} is neither a folder nor a zip file.")


def load_ferplus(path: Path, split: str, cache: Path | None = None) -> Faces:
    """Read one split ("train", "valid" or "test") of FER+; ``cache`` is a folder that makes the next time fast.

    Raises ``DataError`` where a file is missing, votes don't parse, or a picture isn't 48x48.
    """
    stored = cache / f"ferplus-{split}.npz" if cache else None
    if stored and stored.is_file():
        with np.load(stored, allow_pickle=False) as held:
            return Faces(held["pixels"], held["votes"], tuple(held["names"].tolist()))
    faces = _read_split(open_source(path), f"data/{FOLDERS[split]}", split)
    if stored:
        stored.parent.mkdir(parents=True, exist_ok=True)
        np.savez(stored, pixels=faces.pixels, votes=faces.votes, names=np.array(faces.names))
    return faces


def _read_split(source: Source, folder: str, split: str) -> Faces:
    label_file = f"{folder}/label.csv"
    if not source.has(label_file):
        raise DataError(f"{label_file} is missing, so there is no {split} split to read.")
    names, votes = zip(*_label_rows(source.read(label_file).decode(), label_file), strict=True)
    pixels = np.empty((len(names), SIDE, SIDE), dtype=np.uint8)
    for row, name in enumerate(tqdm(names, desc=f"reading {split}", unit="face")):
        pixels[row] = _read_face(source, f"{folder}/{name}", row + 1)
    return Faces(pixels, np.array(votes, dtype=np.int64), tuple(names))


def _label_rows(text: str, file: str) -> Iterator[tuple[str, list[int]]]:
    """``name, "(box)", ten votes`` a row, without a header: the official layout."""
    for number, row in enumerate(csv.reader(io.StringIO(text)), start=1):
        if len(row) != 2 + len(VOTE_COLUMNS):
            raise DataError(f"{file}, row {number}: {len(row)} columns instead of {2 + len(VOTE_COLUMNS)}.")
        try:
            votes = [int(cell) for cell in row[2:]]
        except ValueError as error:
            raise DataError(f"{file}, row {number}: a vote is not a whole number.") from error
        if min(votes) < 0:
            raise DataError(f"{file}, row {number}: a negative vote.")
        yield row[0], votes


def _read_face(source: Source, name: str, row: int) -> npt.NDArray[np.uint8]:
    if not source.has(name):
        raise DataError(f"{name} (row {row}) is missing.")
    with Image.open(io.BytesIO(source.read(name))) as image:
        if image.size != (SIDE, SIDE):
            raise DataError(f"{name} (row {row}) is {image.width}x{image.height}, not {SIDE}x{SIDE}.")
        return np.asarray(image.convert("L"))


def vote_shares(votes: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Votes N x 10 -> shares N x 10, after the FER+ paper's cleaning: single votes for a category are dropped.

    A face whose votes are all single keeps them, since nothing else is known of it.
    """
    cleaned = np.where(votes >= 2, votes, 0)
    empty = cleaned.sum(axis=1) == 0
    cleaned[empty] = votes[empty]
    return np.asarray(cleaned / np.maximum(cleaned.sum(axis=1, keepdims=True), 1))
