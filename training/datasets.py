"""Labelled faces of any layout -> arrays of faces and votes, memory-mapped from a cache."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from training.formats import SIDE, VOTE_COLUMNS, Reader, reader
from training.sources import DataError, MissingSplit

__all__ = ["SIDE", "VOTE_COLUMNS", "DataError", "Faces", "load", "splits_of", "vote_shares"]


@dataclass(frozen=True)
class Faces:
    """One split: ``pixels`` N x S x S uint8 grey, ``votes`` N x 10 in ``VOTE_COLUMNS`` order, ``names`` N."""

    pixels: npt.NDArray[np.uint8]
    votes: npt.NDArray[np.int64]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)


def digest(*splits: Faces) -> str:
    """What tells faces and their votes from others: 16 hexadecimal digits."""
    told = hashlib.sha256()
    for part in (array for faces in splits for array in (faces.pixels, faces.votes)):
        told.update(np.ascontiguousarray(part).tobytes())
    return told.hexdigest()[:16]


def load(path: Path, split: str, cache: Path | None = None, votes: Path | None = None, side: int = SIDE) -> Faces:
    """Read one split ("train", "valid" or "test") of any layout that ``formats.reader`` knows.

    ``cache`` is a folder of memory-mapped arrays that makes the next time fast; it is read again only while the
    data's own list of faces is unchanged. Raises ``DataError`` with one sentence that names the file and the row.
    """
    read = reader(path, split, votes, side)
    if cache is None:
        return _collect(read, split, np.empty((read.count, side, side), dtype=np.uint8))
    key = hashlib.sha256(f"{path.resolve()} {split} {side} {read.signature}".encode()).hexdigest()[:16]
    stored = cache / f"{split}-{key}"
    if not (stored / "names.npy").is_file():
        _store(read, split, stored, side)
    return _open(stored)


def _collect(read: Reader, split: str, pixels: npt.NDArray[np.uint8]) -> Faces:
    votes, names = np.zeros((read.count, len(VOTE_COLUMNS)), dtype=np.int64), []
    for row, face in enumerate(tqdm(read.faces(), total=read.count, desc=f"reading {split}", unit="face")):
        pixels[row], votes[row] = face.pixels, face.votes
        names.append(face.name)
    return Faces(pixels, votes, tuple(names))


def _store(read: Reader, split: str, folder: Path, side: int) -> None:
    """Names come last: a cache that was cut off has none, and is written again."""
    folder.mkdir(parents=True, exist_ok=True)
    shape = (read.count, side, side)
    pixels = np.lib.format.open_memmap(folder / "pixels.npy", mode="w+", dtype=np.uint8, shape=shape)
    faces = _collect(read, split, pixels)
    pixels.flush()
    np.save(folder / "votes.npy", faces.votes)
    np.save(folder / "names.npy", np.array(faces.names))


def _open(folder: Path) -> Faces:
    pixels = np.load(folder / "pixels.npy", mmap_mode="r")
    return Faces(pixels, np.load(folder / "votes.npy"), tuple(np.load(folder / "names.npy").tolist()))


def splits_of(path: Path, cache: Path | None = None, votes: Path | None = None) -> dict[str, Faces]:
    """Every split that is there; raises ``DataError`` where there is none at all, or one that can't be read."""
    found = {}
    for split in ("train", "valid", "test"):
        try:
            found[split] = load(path, split, cache, votes)
        except MissingSplit as error:
            missing = error
    if not found:
        raise missing
    return found


def vote_shares(votes: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Votes N x 10 -> shares N x 10, after the FER+ paper's cleaning: single votes for a category are dropped.

    A face whose votes are all single keeps them, since nothing else is known of it.
    """
    cleaned = np.where(votes >= 2, votes, 0)
    empty = cleaned.sum(axis=1) == 0
    cleaned[empty] = votes[empty]
    return np.asarray(cleaned / np.maximum(cleaned.sum(axis=1, keepdims=True), 1))
