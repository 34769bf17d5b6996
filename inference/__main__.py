"""``python -m inference PHOTO...`` reads photos; ``live`` instead opens a window, ``bench`` measures."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from inference.bundle import BundleError
from inference.detect import SMALLEST_FACE
from inference.emotions import EMOJI
from inference.image import BadImage
from inference.pipeline import SHIPPED, Pipeline
from inference.types import Analysis, FaceReading, Status


def main(arguments: list[str] | None = None) -> int:
    """0: every photo was a picture; 1: some were not; 2: nothing could be started."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments[:1] == ["live"]:
            return _live(arguments[1:])
        if arguments[:1] == ["bench"]:
            from inference import bench

            return bench.main(arguments[1:])
        return _photos(arguments)
    except BundleError as error:
        print(f"The model bundle can't be used: {error}", file=sys.stderr)
        return 2


def _photos(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m inference",
        description="Read the faces on photos. A * marks an emotion that is present.",
        epilog="python -m inference live --help: read a webcam or a film instead; bench --help: how fast it is.",
    )
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
    parser.add_argument("--json", action="store_true", help="one JSON line a photo")
    _add_what_reads(parser)
    options = parser.parse_args(arguments)
    pipeline = _pipeline(options)
    bad = 0
    for photo in options.photos:
        analysis = _analyse(pipeline, photo)
        bad += analysis.status is Status.BAD_IMAGE
        print(json.dumps(as_json(photo, analysis), ensure_ascii=False) if options.json else _as_text(photo, analysis))
    return 1 if bad else 0


def _add_what_reads(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bundle", type=Path, default=SHIPPED, help="folder of the model bundle")
    parser.add_argument(
        "--smallest-face",
        type=_percent,
        default=SMALLEST_FACE,
        metavar="PERCENT",
        help=f"of the picture's shorter side; smaller faces aren't looked for (default {SMALLEST_FACE * 100:.0f})",
    )


def _percent(text: str) -> float:
    if not 1 <= float(text) <= 100:
        raise argparse.ArgumentTypeError("a percentage between 1 and 100 is needed")
    return float(text) / 100


def _pipeline(options: argparse.Namespace) -> Pipeline:
    return Pipeline.load(options.bundle, options.smallest_face)


def _analyse(pipeline: Pipeline, photo: Path) -> Analysis:
    try:
        data = photo.read_bytes()
    except OSError as error:
        return Analysis(Status.BAD_IMAGE, detail=f"The file can't be read: {error.strerror}.")
    return pipeline.analyse([data], every_face=True)[0]


def as_json(photo: Path, analysis: Analysis) -> dict[str, Any]:
    """The line that other programs read: ``file``, ``status``, ``faces`` largest first."""
    line: dict[str, Any] = {"file": str(photo), "status": analysis.status.value}
    if analysis.detail:
        line["detail"] = analysis.detail
    line |= {"width": analysis.width, "height": analysis.height, "faces": [_face(f) for f in analysis.faces]}
    return line


def _face(reading: FaceReading) -> dict[str, Any]:
    face, mixture = reading.face, reading.mixture
    return {
        "box": [round(side, 1) for side in face.box],
        "score": round(face.score, 4),
        "landmarks": [[round(x, 1), round(y, 1)] for x, y in face.landmarks],
        "intensities": {n: round(v, 4) for n, v in mixture.by_name().items()} if mixture else None,
        "present": list(mixture.present) if mixture else [],
    }


def _as_text(photo: Path, analysis: Analysis) -> str:
    head = f"{photo}: {analysis.status.value.replace('_', ' ')}"
    if analysis.detail:
        return f"{head} ({analysis.detail})"
    return "\n".join([head, *(_face_as_text(reading) for reading in analysis.faces)])


def _face_as_text(reading: FaceReading) -> str:
    if reading.mixture is None:
        return "  a face that can't be read fairly"
    strongest = sorted(reading.mixture.by_name().items(), key=lambda pair: -pair[1])
    marked = (f"{EMOJI[n]} {n}{'*' if n in reading.mixture.present else ''} {v:.0%}" for n, v in strongest)
    return "  " + "  ".join(marked)


def _live(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m inference live", description="Read a webcam or a film.")
    parser.add_argument("--camera", type=int, default=0, help="number of the camera (default 0)")
    parser.add_argument("--video", type=Path, help="read this film instead of a camera")
    parser.add_argument("--save", type=Path, help="write what the window shows to this .mp4 or .avi file")
    parser.add_argument("--no-window", action="store_true", help="open no window (with --save)")
    _add_what_reads(parser)
    options = parser.parse_args(arguments)
    from inference import live

    source = str(options.video) if options.video else options.camera
    try:
        shown = live.run(_pipeline(options), source, options.save, window=not options.no_window)
    except (live.CannotOpen, BadImage) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{shown} pictures shown")
    return 0


if __name__ == "__main__":
    sys.exit(main())
