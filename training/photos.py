"""Photographs with a labels.csv, through the whole pipeline: found, read, and which emotions are present."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np
from tqdm import tqdm

from inference.emotions import EMOTIONS
from inference.pipeline import Pipeline
from inference.types import Analysis, Mixture
from training.evaluate import average_precision, f1
from training.formats import emotion_named
from training.intervals import counted, proportion
from training.sources import DataError, Source, open_source

LABELS: Final = "labels.csv"
FILE_COLUMNS: Final = ("file", "image", "filename", "photo")
LABEL_COLUMNS: Final = ("emotions", "emotion", "expression", "label")
SEPARATORS: Final = "|;+/ "


@dataclass(frozen=True)
class Photo:
    """One row of a labels.csv: ``name`` in the source, and the row's other cells."""

    name: str
    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Seen:
    """What the pipeline made of one photograph: ``mixture`` of the largest face, None where none could be read."""

    photo: Photo
    found: bool
    mixture: Mixture | None


def listed(path: Path) -> tuple[Source, list[Photo]]:
    """The photographs that the one labels.csv of a folder or zip lists, beside it. Raises ``DataError``."""
    source = open_source(path)
    tables = [name for name in source.names() if PurePosixPath(name).name == LABELS]
    if len(tables) != 1:
        raise DataError(f"{path} holds {len(tables)} files named {LABELS} instead of one.")
    folder = PurePosixPath(tables[0]).parent
    rows = list(csv.DictReader(io.StringIO(source.read(tables[0]).decode("utf-8-sig"))))
    column = _column(rows, FILE_COLUMNS)
    photos = [Photo(str(folder / row[column]), number, row) for number, row in enumerate(rows, start=2)]
    for photo in photos:
        if not source.has(photo.name):
            raise DataError(f"{LABELS}, row {photo.number}: {photo.name} is missing.")
    return source, photos


def _column(rows: Sequence[dict[str, str]], names: Sequence[str]) -> str:
    heads = list(rows[0]) if rows else []
    for name in names:
        if name in heads:
            return name
    raise DataError(f"{LABELS}, row 1: none of the columns {', '.join(names)} is there.")


def seen(pipeline: Pipeline, source: Source, photos: Sequence[Photo]) -> Iterator[Seen]:
    """Read each photograph's largest face; a picture that can't be opened stops with its row."""
    for photo in tqdm(photos, desc="reading photographs", unit="photo"):
        yield _seen(photo, pipeline.analyse([source.read(photo.name)])[0])


def _seen(photo: Photo, analysis: Analysis) -> Seen:
    if analysis.detail:
        raise DataError(f"{LABELS}, row {photo.number}: {photo.name} can't be read: {analysis.detail}")
    return Seen(photo, bool(analysis.faces), analysis.faces[0].mixture if analysis.faces else None)


def labels_of(photo: Photo, column: str) -> frozenset[str]:
    """The emotions of a cell such as ``sad`` or ``happiness|surprise``. Raises ``DataError``."""
    words = photo.cells[column].translate(str.maketrans(SEPARATORS, " " * len(SEPARATORS))).split()
    meant = {word: emotion_named(word) for word in words}
    for word, emotion in meant.items():
        if emotion is None:
            raise DataError(f"{LABELS}, row {photo.number}: {word!r} is not one of {', '.join(EMOTIONS)}.")
    if not meant:
        raise DataError(f"{LABELS}, row {photo.number}: the column {column!r} is empty.")
    return frozenset(emotion for emotion in meant.values() if emotion)


def measure_photos(pipeline: Pipeline, path: Path) -> dict[str, Any]:
    """Counts with 95 % Wilson intervals. A face that isn't found or can't be read fairly has nothing present."""
    source, photos = listed(path)
    column = _column([photo.cells for photo in photos], LABEL_COLUMNS)
    labels = [labels_of(photo, column) for photo in photos]
    all_seen = list(seen(pipeline, source, photos))
    groups: dict[str, list[Seen]] = {}
    for meant, one in zip(labels, all_seen, strict=True):
        groups.setdefault("+".join(e for e in EMOTIONS if e in meant), []).append(one)
    return {
        "bundle": {"name": pipeline.manifest.name, "sha256": pipeline.manifest.sha256},
        "photographs": len(photos),
        "found": proportion(sum(one.found for one in all_seen), len(all_seen)),
        "read": proportion(sum(one.mixture is not None for one in all_seen), len(all_seen)),
        "labelled": {meant: _present_counts(group) for meant, group in groups.items()},
        "emotions": _by_emotion(labels, all_seen),
    }


def _present_counts(group: Sequence[Seen]) -> dict[str, Any]:
    count = Counter(emotion for one in group if one.mixture for emotion in one.mixture.present)
    return {
        "photographs": len(group),
        "found": proportion(sum(one.found for one in group), len(group)),
        "present": {emotion: proportion(count[emotion], len(group)) for emotion in EMOTIONS},
    }


def _by_emotion(labels: Sequence[frozenset[str]], all_seen: Sequence[Seen]) -> dict[str, Any]:
    """For every emotion that some photograph is labelled with: present where it should be, absent elsewhere."""
    figures = {}
    for number, emotion in enumerate(EMOTIONS):
        true = np.array([emotion in meant for meant in labels])
        if not true.any():
            continue
        said = np.array([one.mixture is not None and emotion in one.mixture.present for one in all_seen])
        intensity = np.array([one.mixture.intensities[number] if one.mixture else 0.0 for one in all_seen])
        figures[emotion] = {
            "present_where_labelled": proportion(int((said & true).sum()), int(true.sum())),
            "absent_elsewhere": proportion(int((~said & ~true).sum()), int((~true).sum())),
            "f1": round(f1(said, true), 4),
            "average_precision": round(average_precision(intensity, true), 4),
        }
    return figures


def as_text(numbers: dict[str, Any]) -> str:
    """What was found and what is present, label by label, with 95 % intervals."""
    lines = [
        f"{numbers['bundle']['name']} on {numbers['photographs']} photographs; 95 % Wilson intervals",
        f"face found    {counted(numbers['found'])}",
        f"face read     {counted(numbers['read'])}",
    ]
    for meant, group in numbers["labelled"].items():
        lines += ["", f"labelled {meant}: {group['photographs']} photographs, found {counted(group['found'])}"]
        lines += [f"  {emotion:12}present in {counted(share)}" for emotion, share in group["present"].items()]
    lines.append("")
    for emotion, row in numbers["emotions"].items():
        lines.append(
            f"{emotion:12}present where labelled {counted(row['present_where_labelled'])}, absent elsewhere "
            f"{counted(row['absent_elsewhere'])}, F1 {row['f1']:.3f}, average precision {row['average_precision']:.3f}"
        )
    return "\n".join(lines)
