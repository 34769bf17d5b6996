"""``python -m tests.parity``: our detector beside facenet-pytorch's, on FairFace's adults and on made scenes.

Needs MOODTIDE_DATA. Prints a table, which ``python -m training card --detector`` reads; asserts nothing.
tests/inference/test_detect.py asserts the same on a few. With ``--keep`` what was compared is kept in a file as it
comes, and not compared again by the next run, unless the detector has changed since.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import itertools
import json
import os
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import inference
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

    def merge(self, other: Tally) -> None:
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)

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


class Kept:
    """What was compared so far, by the picture's name: in memory, and in a file of JSON lines if there is one."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._found: dict[str, Tally] = {}
        if path is None:
            return
        lines = path.read_text().splitlines() if path.exists() else []
        if lines[:1] == [_digest()]:
            self._found = {name: Tally(**tally) for name, tally in map(json.loads, lines[1:])}
        else:
            path.write_text(_digest() + "\n")

    def __contains__(self, name: str) -> bool:
        return name in self._found

    def __getitem__(self, name: str) -> Tally:
        return self._found[name]

    def add(self, name: str, truth: Box | None, ours: Sequence[Face], theirs: Sequence[Face]) -> None:
        tally = self._found[name] = Tally()
        tally.add(truth, ours, theirs)
        if self._path:
            with self._path.open("a") as file:
                print(json.dumps([name, asdict(tally)]), file=file)


def _digest() -> str:
    """Of all that decides what our detector finds."""
    folder = Path(inference.__file__).parent
    parts = (folder / f"{name}.py" for name in ("area", "candidates", "detect", "mtcnn", "pyramid", "suppress"))
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def adults(data: Path, per_group: int) -> Iterator[tuple[str, str, bytes]]:
    """Name, group and file of FairFace's adults, as many of each group."""
    with zipfile.ZipFile(data / FAIRFACE) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("fairface/labels.csv").decode())))
        seen: dict[str, int] = defaultdict(int)
        for row in rows:
            seen[row["race"]] += 1
            if seen[row["race"]] <= per_group:
                yield row["file"], row["race"], archive.read(f"fairface/{row['file']}")


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def compare_adults(data: Path, per_group: int, kept: Kept) -> dict[str, Tally]:
    """At the smallest face that the detector looks for in pictures of this size."""
    detector = Detector()
    reference = Reference(max(FEWEST_PIXELS, round(224 * SMALLEST_FACE)))
    new = ((name, np.asarray(opened(file))) for name, _, file in adults(data, per_group) if name not in kept)
    while batch := list(itertools.islice(new, 64)):
        pictures = [picture for _, picture in batch]
        found = detector.detect_all(pictures), detector.detect_all(pictures, every_face=False)
        for (name, picture), ours, large_first in zip(batch, *found, strict=True):
            truth = (0, 0, picture.shape[1], picture.shape[0])
            _keep(kept, name, truth, ours, large_first, reference.detect(picture))
    tallies: dict[str, Tally] = defaultdict(Tally)
    for name, group, _ in adults(data, per_group):
        tallies["all"].merge(kept[name])
        tallies[group].merge(kept[name])
        tallies["all, the largest alone"].merge(kept[_largest(name)])
    return tallies


def compare_scenes(data: Path, count: int, kept: Kept, smallest: int = FEWEST_PIXELS) -> dict[str, Tally]:
    """Scenes with a face, and as many rooms without."""
    faces = itertools.islice(itertools.cycle(adults(data, -(-count // 7))), count)
    reference, detector = Reference(smallest), Detector(smallest / 480)
    tallies = {"scenes": Tally(), "rooms without a face": Tally(), "scenes, the largest alone": Tally()}
    for seed, (_, _, face) in enumerate(faces):
        scene, empty = f"scene {seed} of {count}", f"room {seed}"
        if scene not in kept:
            image, truth = paste(seed, opened(face))
            _keep(kept, scene, truth, *_all(np.asarray(image), detector, reference))
        if empty not in kept:
            _keep(kept, empty, None, *_all(np.asarray(room(10_000 + seed)), detector, reference))
        tallies["scenes"].merge(kept[scene])
        tallies["rooms without a face"].merge(kept[empty])
        tallies["scenes, the largest alone"].merge(kept[_largest(scene)])
    return tallies


def _all(picture: Picture, detector: Detector, reference: Reference) -> tuple[list[Face], list[Face], list[Face]]:
    (large_first,) = detector.detect_all([picture], every_face=False)
    return detector.detect(picture), large_first, reference.detect(picture)


def _keep(
    kept: Kept, name: str, truth: Box | None, ours: list[Face], large_first: list[Face], theirs: list[Face]
) -> None:
    """Every face beside every face, and the largest, as the pipeline looks for it, beside the largest."""
    kept.add(_largest(name), truth, large_first[:1], theirs[:1])
    kept.add(name, truth, ours, theirs)  # last: whoever goes on asks for this one


def _largest(name: str) -> str:
    return f"{name}, the largest alone"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.parity", description=__doc__)
    parser.add_argument("--per-group", type=int, default=1000, help="adults of each of the seven groups")
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--keep", type=Path, metavar="FILE", help="go on where the run before with this file ended")
    parser.add_argument("--threads", type=int, default=1, help="threads of torch (default 1)")
    options = parser.parse_args()
    if "MOODTIDE_DATA" not in os.environ:
        print("MOODTIDE_DATA does not name the data folder.", file=sys.stderr)
        return 2
    data = Path(os.environ["MOODTIDE_DATA"])
    torch.set_num_threads(options.threads)
    kept = Kept(options.keep)
    tallies = compare_scenes(data, options.scenes, kept) | compare_adults(data, options.per_group, kept)
    print(json.dumps({name: tally.row() for name, tally in tallies.items()}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
