"""The layouts that labelled faces come in: each is a reader with a known length and one iterator."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from inference.emotions import EMOTIONS
from training.sources import DataError, MissingSplit, Source, open_source

VOTE_COLUMNS: Final = (*EMOTIONS, "unknown", "not_a_face")
VIEWERS: Final = 10
SIDE: Final = 48
FERPLUS_FOLDERS: Final = {"train": "FER2013Train", "valid": "FER2013Valid", "test": "FER2013Test"}
USAGES: Final = {"train": "Training", "valid": "PublicTest", "test": "PrivateTest"}
# FER2013 numbers its seven classes in this order; it is not FER+'s.
FER2013_CLASSES: Final = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
SPLIT_FOLDERS: Final = {"train": ("train",), "valid": ("valid", "validation", "val"), "test": ("test",)}
# What others call the eight.
SYNONYMS: Final = {
    "angry": "anger", "disgusted": "disgust", "fearful": "fear", "afraid": "fear", "scared": "fear",
    "happy": "happiness",
    "smiling": "happiness", "sad": "sadness", "surprised": "surprise", "contemptuous": "contempt",
}  # fmt: skip
PICTURES: Final = (".png", ".jpg", ".jpeg", ".webp")

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Labelled:
    """One face: ``pixels`` S x S grey, ten ``votes`` in ``VOTE_COLUMNS`` order."""

    name: str
    pixels: Pixels
    votes: Sequence[int]


@dataclass(frozen=True)
class Reader:
    """One split of one data set. ``signature`` changes when the data does; ``faces`` starts from the first face."""

    count: int
    signature: str
    faces: Callable[[], Iterator[Labelled]]


def emotion_named(word: str) -> str | None:
    """The emotion that a folder's name or a label means, or None: ``Happy`` -> ``happiness``."""
    word = word.strip().lower()
    word = SYNONYMS.get(word, word)
    return word if word in EMOTIONS else None


def reader(path: Path, split: str, votes: Path | None = None, side: int = SIDE) -> Reader:
    """Recognise the layout of ``path`` by what is in it. Raises ``DataError``.

    A ``.csv`` is FER2013, joined with ``votes`` (FER+'s ``fer2013new.csv``) where given; a folder or zip holds
    FER+'s official folders, or ``train/angry/*.jpg`` and so on, which are brought to ``side`` pixels.
    """
    if path.suffix.lower() == ".csv":
        return _fer2013(path, split, votes)
    source = open_source(path)
    if _is_ferplus(source):
        return _ferplus(source, split)
    return _class_folders(source, path, split, side)


def title(path: Path, votes: Path | None = None) -> str:
    """What a manifest calls this data: "FER+", "FER2013", "FER2013 with FER+ votes", or the folder's own name."""
    if path.suffix.lower() == ".csv":
        return "FER2013 with FER+ votes" if votes else "FER2013"
    return "FER+" if _is_ferplus(open_source(path)) else path.resolve().stem


def _is_ferplus(source: Source) -> bool:
    return any(source.has(f"data/{folder}/label.csv") for folder in FERPLUS_FOLDERS.values())


def _ferplus(source: Source, split: str) -> Reader:
    folder = f"data/{FERPLUS_FOLDERS[split]}"
    file = f"{folder}/label.csv"
    if not source.has(file):
        raise MissingSplit(f"{file} is missing, so there is no {split} split to read.")
    content = source.read(file)
    rows = list(_label_rows(content.decode(), file))

    def faces() -> Iterator[Labelled]:
        for number, (name, votes) in enumerate(rows, start=1):
            yield Labelled(name, _read_face(source, f"{folder}/{name}", number), votes)

    return Reader(len(rows), _digest(content), faces)


def _label_rows(text: str, file: str) -> Iterator[tuple[str, list[int]]]:
    """``name, "(box)", ten votes`` a row, without a header: the official layout."""
    for number, row in enumerate(csv.reader(io.StringIO(text)), start=1):
        if len(row) != 2 + len(VOTE_COLUMNS):
            raise DataError(f"{file}, row {number}: {len(row)} columns instead of {2 + len(VOTE_COLUMNS)}.")
        yield row[0], _votes(row[2:], f"{file}, row {number}")


def _votes(cells: Sequence[str], where: str) -> list[int]:
    try:
        votes = [int(cell) for cell in cells]
    except ValueError as error:
        raise DataError(f"{where}: a vote is not a whole number.") from error
    if min(votes) < 0:
        raise DataError(f"{where}: a negative vote.")
    return votes


def _read_face(source: Source, name: str, row: int) -> Pixels:
    if not source.has(name):
        raise DataError(f"{name} (row {row}) is missing.")
    image = _open(source, name, row)
    if image.size != (SIDE, SIDE):
        raise DataError(f"{name} (row {row}) is {image.width}x{image.height}, not {SIDE}x{SIDE}.")
    return np.asarray(image.convert("L"))


def _open(source: Source, name: str, row: int) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(source.read(name)))
        image.load()
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise DataError(f"{name} (row {row}) is not a picture that can be opened.") from error
    return image


def _fer2013(path: Path, split: str, votes: Path | None) -> Reader:
    """``emotion,pixels,Usage``; with the votes' file, row by row in the same order, as FER+ publishes it."""
    rows = _table(path, ("emotion", "pixels", "Usage"))
    joined = _joined(rows, path, votes) if votes else _single_labels(rows, path)
    wanted = [(number, name, counts) for number, name, counts, usage in joined if usage == USAGES[split]]
    if not wanted:
        raise MissingSplit(
            f"{path.name} has no row with the usage {USAGES[split]}, so there is no {split} split to read."
        )

    def faces() -> Iterator[Labelled]:
        for number, name, counts in wanted:
            yield Labelled(name, _pixels(rows[number - 2]["pixels"], f"{path.name}, row {number}"), counts)

    return Reader(len(wanted), _file_state(path) + (_file_state(votes) if votes else ""), faces)


def _table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    if not path.is_file():
        raise DataError(f"{path} is missing.")
    with path.open(newline="") as file:
        table = csv.DictReader(file)
        heads = [head.strip() for head in table.fieldnames or ()]
        table.fieldnames = heads
        for column in columns:
            if column not in heads:
                raise DataError(f"{path.name}, row 1: the column {column!r} is missing; there are {', '.join(heads)}.")
        rows = list(table)
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise DataError(f"{path.name}, row {number}: not {len(heads)} columns.")
    return rows


def _single_labels(rows: list[dict[str, str]], path: Path) -> Iterator[tuple[int, str, list[int], str]]:
    for number, row in enumerate(rows, start=2):
        cell = row["emotion"].strip()
        if not cell.isdecimal() or int(cell) >= len(FER2013_CLASSES):
            raise DataError(f"{path.name}, row {number}: the emotion is {cell!r}, not a number from 0 to 6.")
        usage = _usage(row, f"{path.name}, row {number}")
        yield number, f"fer{number - 2:07d}.png", unanimous(FER2013_CLASSES[int(cell)]), usage


def _joined(rows: list[dict[str, str]], path: Path, votes: Path) -> Iterator[tuple[int, str, list[int], str]]:
    names = (*EMOTIONS, "unknown", "NF")
    beside = _table(votes, ("Usage", "Image name", *names))
    if len(beside) != len(rows):
        raise DataError(
            f"{votes.name} does not match {path.name}: row {min(len(rows), len(beside)) + 2} is the first that only "
            f"one of them has ({len(beside)} rows of votes, {len(rows)} faces)."
        )
    for number, (row, held) in enumerate(zip(rows, beside, strict=True), start=2):
        usage = _usage(row, f"{path.name}, row {number}")
        if held["Usage"].strip() != usage:
            raise DataError(
                f"{votes.name}, row {number}: the usage is {held['Usage']!r}, but {path.name} says {usage!r}."
            )
        counts = _votes([held[name] for name in names], f"{votes.name}, row {number}")
        # FER+ leaves the name empty where nobody saw a face, and leaves those rows out of its folders.
        if name := held["Image name"].strip():
            yield number, name, counts, usage


def _usage(row: dict[str, str], where: str) -> str:
    usage = row["Usage"].strip()
    if usage not in USAGES.values():
        raise DataError(f"{where}: the usage is {usage!r}, not Training, PublicTest or PrivateTest.")
    return usage


def _pixels(cell: str, where: str) -> Pixels:
    try:
        values = np.array(cell.split(), dtype=np.int64)
    except (ValueError, OverflowError) as error:
        raise DataError(f"{where}: a pixel is not a whole number.") from error
    if values.size != SIDE * SIDE:
        raise DataError(f"{where}: {values.size} pixels instead of {SIDE * SIDE}.")
    if values.min() < 0 or values.max() > 255:
        raise DataError(f"{where}: a pixel lies outside 0 to 255.")
    return values.astype(np.uint8).reshape(SIDE, SIDE)


def _class_folders(source: Source, path: Path, split: str, side: int) -> Reader:
    """``train/angry/*.jpg``; one folder above them all is allowed, as zip files often have."""
    found = [(name, label) for name in source.names() if (label := _label_of(name, split))]
    if not found:
        raise MissingSplit(
            f"{path} holds neither FER+'s folders nor {split}/EMOTION/*.jpg, so there is no {split} split."
        )

    def faces() -> Iterator[Labelled]:
        for number, (name, label) in enumerate(found, start=1):
            # Cut square about the middle, and averaged where it shrinks.
            square = ImageOps.fit(_open(source, name, number).convert("L"), (side, side), Image.Resampling.BOX)
            yield Labelled(name, np.asarray(square), unanimous(label))

    return Reader(len(found), _digest(repr(found).encode()) + _file_state(path), faces)


def _label_of(name: str, split: str) -> str | None:
    file = PurePosixPath(name)
    if file.suffix.lower() not in PICTURES or len(file.parts) < 3 or file.parts[-3].lower() not in SPLIT_FOLDERS[split]:
        return None
    label = emotion_named(file.parts[-2])
    if label is None:
        raise DataError(f"{name}: the folder {file.parts[-2]!r} is not one of {', '.join(EMOTIONS)}.")
    return label


def unanimous(emotion: str) -> list[int]:
    """One label counts as ten viewers who agree, so that every data set speaks of votes."""
    return [VIEWERS if name == emotion else 0 for name in VOTE_COLUMNS]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _file_state(path: Path) -> str:
    state = path.stat()
    return f"{state.st_size}-{state.st_mtime_ns}" if path.is_file() else ""
