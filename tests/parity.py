"""``python -m tests.parity``: our detector beside facenet-pytorch's, on FairFace's adults and on made scenes.

Needs MOODTIDE_DATA. Prints a table; asserts nothing. tests/inference/test_detect.py asserts the same on a few.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import json
import os
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from inference.detect import FEWEST_PIXELS, SMALLEST_FACE, Detector
from inference.image import Picture
from inference.types import Face
from tests.reference import Reference
from tests.scenes import paste, room

FAIRFACE = Path("faces") / "fairface-adults-7000.zip"
Box = tuple[float, float, float, float]


@dataclass
class Tally:
    """What two detectors found in the same pictures."""

    faces: int = 0
    ours: int = 0
    theirs: int = 0
    overlaps: list[float] = field(default_factory=list)
    shifts: list[float] = field(default_factory=list)
    elsewhere: int = 0
    theirs_elsewhere: int = 0

    def add(self, truth: Box | None, ours: Sequence[Face], theirs: Sequence[Face]) -> None:
        """``truth``: where the face is, if there is one."""
        if truth is not None:
            self.faces += 1
            self.ours += any(_inside(truth, face) for face in ours)
            self.theirs += any(_inside(truth, face) for face in theirs)
        self.elsewhere += sum(truth is None or not _inside(truth, face) for face in ours)
        self.theirs_elsewhere += sum(truth is None or not _inside(truth, face) for face in theirs)
        for face in theirs:
            nearest = max(ours, key=lambda other: overlap(face.box, other.box), default=None)
            if nearest is not None and overlap(face.box, nearest.box) >= 0.5:
                self.overlaps.append(overlap(face.box, nearest.box))
                self.shifts.append(shift(face, nearest))

    def row(self) -> dict[str, float | int]:
        overlaps, shifts = np.array(self.overlaps), np.array(self.shifts)
        return {
            "faces": self.faces,
            "recall, ours (%)": _percent(self.ours, self.faces),
            "recall, facenet-pytorch (%)": _percent(self.theirs, self.faces),
            "matched boxes": len(overlaps),
            "IoU >= 0.9 (%)": _percent(int((overlaps >= 0.9).sum()), len(overlaps)),
            "landmarks within 3 % (%)": _percent(int((shifts <= 0.03).sum()), len(shifts)),
            "smallest IoU": round(float(overlaps.min(initial=1)), 4),
            "false faces, ours": self.elsewhere,
            "false faces, facenet-pytorch": self.theirs_elsewhere,
        }


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    height = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    both = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height / (both - width * height)


def shift(one: Face, other: Face) -> float:
    """How far the landmark that differs most has moved, in lengths of the box's longer side."""
    apart = np.subtract(one.landmarks, other.landmarks)
    return float(np.hypot(*apart.T).max() / max(one.width, one.height))


def _inside(truth: Box, face: Face) -> bool:
    """The face covers the middle of where one is."""
    x, y = (truth[0] + truth[2]) / 2, (truth[1] + truth[3]) / 2
    left, top, right, bottom = face.box
    return left <= x <= right and top <= y <= bottom


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 100.0


def adults(data: Path, per_group: int) -> Iterator[tuple[str, Image.Image]]:
    """FairFace's adults with their groups, as many of each."""
    with zipfile.ZipFile(data / FAIRFACE) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("fairface/labels.csv").decode())))
        seen: dict[str, int] = defaultdict(int)
        for row in rows:
            seen[row["race"]] += 1
            if seen[row["race"]] <= per_group:
                yield row["race"], Image.open(io.BytesIO(archive.read(f"fairface/{row['file']}"))).convert("RGB")


def compare_adults(data: Path, per_group: int) -> dict[str, Tally]:
    """At the smallest face that the detector looks for in pictures of this size."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    detector = Detector()
    reference = Reference(max(FEWEST_PIXELS, round(224 * SMALLEST_FACE)))
    pictures = ((group, np.asarray(image)) for group, image in adults(data, per_group))
    for batch in _batches(pictures, 64):
        for (group, picture), ours in zip(batch, detector.detect_all([p for _, p in batch]), strict=True):
            theirs = reference.detect(picture)
            for name in ("all", group):
                tallies[name].add((0, 0, picture.shape[1], picture.shape[0]), ours, theirs)
    return tallies


def compare_scenes(data: Path, count: int, smallest: int = FEWEST_PIXELS) -> dict[str, Tally]:
    """Scenes with a face, and as many rooms without."""
    faces = itertools.islice(itertools.cycle(image for _, image in adults(data, -(-count // 7))), count)
    reference, detector = Reference(smallest), Detector(smallest / 480)
    tallies = {"scenes": Tally(), "rooms without a face": Tally()}
    for seed, face in enumerate(faces):
        scene, truth = paste(seed, face)
        _both(tallies["scenes"], np.asarray(scene), truth, detector, reference)
        _both(tallies["rooms without a face"], np.asarray(room(10_000 + seed)), None, detector, reference)
    return tallies


def _both(tally: Tally, picture: Picture, truth: Box | None, detector: Detector, reference: Reference) -> None:
    tally.add(truth, detector.detect(picture), reference.detect(picture))


def _batches(items: Iterator[tuple[str, Picture]], size: int) -> Iterator[list[tuple[str, Picture]]]:
    while batch := list(itertools.islice(items, size)):
        yield batch


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.parity", description=__doc__)
    parser.add_argument("--per-group", type=int, default=1000, help="adults of each of the seven groups")
    parser.add_argument("--scenes", type=int, default=200)
    options = parser.parse_args()
    if "MOODTIDE_DATA" not in os.environ:
        print("MOODTIDE_DATA does not name the data folder.", file=sys.stderr)
        return 2
    data = Path(os.environ["MOODTIDE_DATA"])
    tallies = compare_scenes(data, options.scenes) | compare_adults(data, options.per_group)
    print(json.dumps({name: tally.row() for name, tally in tallies.items()}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
