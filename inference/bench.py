"""``python -m inference bench``: how fast pictures are read, beside facenet-pytorch's MTCNN and the same network."""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import torch
from PIL import Image

from inference.detect import FEWEST_PIXELS, SMALLEST_FACE, Detector
from inference.image import Picture, decode
from inference.pipeline import ENOUGH, TOGETHER, Pipeline
from inference.types import Face

PHOTO: Final = Path(__file__).parent / "webcam.jpg"
"""Eileen Collins as a webcam would see her: 640x480, cut from a portrait by NASA, public domain."""

FACENET: Final = "facenet-pytorch"
# Seconds that each side works in a turn: so long that the first pictures, which still find the other side's data in
# the processor's caches, don't decide.
TURN: Final = 0.15

Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One line of the table: median milliseconds a picture by the clock and by the processor, all threads together."""

    work: str
    ours: float
    ours_processor: float
    other: float
    other_processor: float
    beside: str

    @property
    def ratio(self) -> float:
        return self.other / self.ours

    @property
    def processor_ratio(self) -> float:
        return self.other_processor / self.ours_processor


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m inference bench", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=15, help="turns of each work (default 15)")
    parser.add_argument("--threads", type=int, default=2, help="ours for pictures, torch's for the other (default 2)")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    rows = measure(options.rounds, options.threads)
    print(as_json(rows, options.threads) if options.json else as_table(rows, options.threads))
    return 0


class FacenetDetector:
    """facenet-pytorch's own MTCNN, in the place of our detector, with as many of torch's threads as suit it."""

    def __init__(self, smallest: int = FEWEST_PIXELS, threads: int = 1) -> None:
        # Here alone: nothing that serves people needs torchvision.
        from inference import torchvision_ops

        torchvision_ops.prepare()
        from facenet_pytorch import MTCNN

        self._mtcnn = MTCNN(keep_all=True, min_face_size=smallest)
        self.threads = threads

    @classmethod
    def fastest(cls, threads: int, picture: Picture) -> int:
        """How many of ``threads`` it is fastest with: on some machines more of torch's threads are slower."""
        took: dict[int, list[float]] = {1: [], threads: []}
        detector = cls()
        for _ in range(4):
            for count, times in took.items():
                detector.threads = count
                times.append(_timed(lambda: detector.detect(picture))[0])
        return min(took, key=lambda count: statistics.median(took[count][1:]))

    def detect(self, picture: Picture) -> list[Face]:
        return self.detect_all([picture])[0]

    def detect_all(self, pictures: Sequence[Picture], every_face: bool = True) -> list[list[Face]]:
        """Pictures of one size; together, as facenet-pytorch offers it. It always looks for every face."""
        before = torch.get_num_threads()
        torch.set_num_threads(self.threads)
        try:
            found = zip(*self._mtcnn.detect(np.stack(pictures), landmarks=True), strict=True)
        finally:
            torch.set_num_threads(before)
        return [[] if boxes is None else _faces(boxes, scores, marks) for boxes, scores, marks in found]


def _faces(boxes: Any, scores: Any, landmarks: Any) -> list[Face]:
    found = zip(np.asarray(boxes, float).tolist(), scores, np.asarray(landmarks, float).tolist(), strict=True)
    return [Face(tuple(box), float(score), tuple((x, y) for x, y in marks)) for box, score, marks in found]


def measure(rounds: int, threads: int) -> list[Row]:
    """All rows, one after the other, ours and the other in turns."""
    photo = Image.open(PHOTO)
    suits = FacenetDetector.fastest(threads, decode(encoded(photo)))
    ours, facenet = Pipeline.load(threads=threads), Pipeline.load()
    facenet._detector = FacenetDetector(threads=suits)  # type: ignore[assignment]
    ours.warm_up()
    one, crowd, empty = encoded(photo), encoded(eight(photo)), encoded(nobody())
    batch = [one] * TOGETHER
    rows = [
        _row(rounds, "JPEG to analysis", lambda: ours.analyse([one]), lambda: facenet.analyse([one]), FACENET),
        _row(
            rounds,
            f"the same in batches of {TOGETHER}",
            lambda: ours.analyse(batch),
            lambda: [facenet.analyse([data]) for data in batch],
            f"{FACENET}, one by one",
            TOGETHER,
        ),
    ]
    rows += [_detection(rounds, decode(one), smallest, suits) for smallest in (20, round(ENOUGH * SMALLEST_FACE), 60)]
    rows += _content(rounds, ours, facenet, "8 faces", crowd, one)
    rows += _content(rounds, ours, facenet, "no face", empty, one)
    for name, size in (("1920x1080", (1920, 1080)), ("3840x2160", (3840, 2160))):
        rows += _large(rounds, ours, name, one, encoded(photo.resize(size)))
    return rows + _parts(rounds, ours, one)


def _detection(rounds: int, picture: Picture, smallest: int, threads: int) -> Row:
    ours, other = Detector(smallest / min(picture.shape[:2])), FacenetDetector(smallest, threads)
    work = f"detection alone, faces from {smallest} pixels"
    return _row(rounds, work, lambda: ours.detect(picture), lambda: other.detect(picture), FACENET)


def _content(rounds: int, ours: Pipeline, facenet: Pipeline, name: str, data: bytes, one: bytes) -> list[Row]:
    return [
        _row(rounds, name, lambda: ours.analyse([data]), lambda: ours.analyse([one]), "one face"),
        _row(rounds, name, lambda: ours.analyse([data]), lambda: facenet.analyse([data]), FACENET),
    ]


def _large(rounds: int, pipeline: Pipeline, name: str, small: bytes, large: bytes) -> list[Row]:
    less, more = decode(small), decode(large, enough=ENOUGH)
    return [
        _row(rounds, name, lambda: pipeline.analyse([large]), lambda: pipeline.analyse([small]), "640x480"),
        _row(
            rounds,
            f"{name}, detection and classification",
            lambda: pipeline.analyse_picture(more),
            lambda: pipeline.analyse_picture(less),
            "640x480",
        ),
        _row(
            rounds,
            f"{name}, decoding",
            lambda: decode(large, enough=ENOUGH),
            lambda: _library_decode(large, (more.shape[1], more.shape[0])),
            "Pillow's own, scaled",
        ),
    ]


def _parts(rounds: int, pipeline: Pipeline, data: bytes) -> list[Row]:
    """What one picture's time is made of."""
    picture = decode(data)
    size = pipeline.manifest.crop.size
    crops = np.zeros((TOGETHER, size, size), dtype=np.uint8)
    parts: dict[str, tuple[Work, int]] = {
        "decoding": (lambda: decode(data), 1),
        "detection": (lambda: pipeline._detector.detect_all([picture], every_face=False), 1),
        "classification": (lambda: pipeline._classifier.intensities(crops[:1]), 1),
        f"classification in batches of {TOGETHER}": (lambda: pipeline._classifier.intensities(crops), TOGETHER),
    }
    return [
        _row(rounds, f"part: {name}", work, partial(pipeline.analyse, [data] * per), "the whole", per)
        for name, (work, per) in parts.items()
    ]


def _row(rounds: int, work: str, ours: Work, other: Work, beside: str, per: int = 1) -> Row:
    """Medians of ``rounds`` turns of ``TURN`` seconds, after one that doesn't count; ``per`` pictures at a time."""
    took: list[list[tuple[float, float]]] = [[], []]
    for _ in range(rounds + 1):
        for number, do in enumerate((ours, other)):
            took[number].append(_turn(do))
    medians = [[statistics.median(times) * 1000 for times in zip(*some[1:], strict=True)] for some in took]
    (ours_clock, ours_processor), (other_clock, other_processor) = np.divide(medians, per).tolist()
    return Row(work, ours_clock, ours_processor, other_clock, other_processor, beside)


def _turn(do: Work) -> tuple[float, float]:
    """What ``do`` costs when it is done again and again."""
    times = [_timed(do)]
    while sum(clock for clock, _ in times) < TURN:
        times.append(_timed(do))
    return statistics.fmean(clock for clock, _ in times), statistics.fmean(processor for _, processor in times)


def _timed(do: Work) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    do()
    return time.perf_counter() - clock, time.process_time() - processor


def encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


def eight(photo: Image.Image) -> Image.Image:
    """The same face eight times, in a picture of the same size."""
    small = photo.crop((110, 0, 550, 480)).resize((160, 175))
    crowd = Image.new("RGB", photo.size, "grey")
    for number in range(8):
        crowd.paste(small, (160 * (number % 4), 40 + 220 * (number // 4)))
    return crowd


def nobody() -> Image.Image:
    """A wall with a soft pattern."""
    pattern = np.random.default_rng(0).integers(60, 200, (30, 40, 3), dtype=np.uint8)
    return Image.fromarray(pattern).resize((640, 480), Image.Resampling.BICUBIC)


def _library_decode(data: bytes, size: tuple[int, int]) -> Picture:
    with Image.open(io.BytesIO(data)) as image:
        image.draft("RGB", size)
        return np.asarray(image)


def as_json(rows: Sequence[Row], threads: int) -> str:
    lines = [{k: round(v, 3) if isinstance(v, float) else v for k, v in asdict(row).items()} for row in rows]
    ratios = [{"ratio": round(row.ratio, 2), "processor_ratio": round(row.processor_ratio, 2)} for row in rows]
    table = [line | ratio for line, ratio in zip(lines, ratios, strict=True)]
    return json.dumps({**_machine(threads), "rows": table}, indent=2)


def as_table(rows: Sequence[Row], threads: int) -> str:
    machine = "  ".join(f"{name} {value}" for name, value in _machine(threads).items())
    head = f"{'milliseconds a picture':<46}{'clock':>8}{'beside':>9}{'ratio':>8}{'proc.':>9}{'beside':>9}{'ratio':>8}"
    lines = [
        f"{row.work:<46}{row.ours:8.1f}{row.other:9.1f}{row.ratio:8.2f}"
        f"{row.ours_processor:9.1f}{row.other_processor:9.1f}{row.processor_ratio:8.2f}  {row.beside}"
        for row in rows
    ]
    return "\n".join([machine, head, *lines])


def _machine(threads: int) -> dict[str, Any]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"cores": os.cpu_count(), "threads": threads, "machine": platform.machine(), "peak_mb": peak}
