"""Save crops of a face under a label."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from inference.emotions import EMOTIONS
from training.formats import emotion_named


def add(capture: argparse.ArgumentParser) -> None:
    capture.add_argument("--label", type=_emotion, required=True, help="the emotion shown: happiness, or happy")
    capture.add_argument("--count", type=int, required=True, help="how many crops the label shall have in the end")
    capture.add_argument("--out", type=Path, required=True, help="folder of the captures, one folder a label in it")
    source = capture.add_mutually_exclusive_group()
    source.add_argument("--camera", type=int, default=0, help="number of the camera (default 0)")
    source.add_argument("--video", type=Path, help="take the frames of this film instead")
    source.add_argument("--images", type=Path, help="take the photographs of this folder instead")
    capture.add_argument("--no-window", dest="window", action="store_false", help="show nothing")
    capture.set_defaults(run_command=run)


def run(options: argparse.Namespace) -> int:
    from inference.live import CannotOpen
    from training import capture

    if options.video:
        pictures = capture.from_video(options.video)
    elif options.images:
        pictures = capture.from_images(options.images)
    else:
        pictures = capture.from_camera(options.camera)
    try:
        tally = capture.capture(pictures, options.label, options.count, options.out, options.window)
    except CannotOpen as error:
        print(error, file=sys.stderr)
        return 2
    print(tally.as_text(options.label, options.count))
    return 0 if tally.saved >= options.count else 1


def _emotion(word: str) -> str:
    emotion = emotion_named(word)
    if emotion is None:
        raise argparse.ArgumentTypeError(f"{word!r} is not one of {', '.join(EMOTIONS)}")
    return emotion
