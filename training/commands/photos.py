"""The whole pipeline on photographs."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def add(photos: argparse.ArgumentParser) -> None:
    photos.add_argument("--bundle", type=Path, required=True)
    photos.add_argument("photos", type=Path, metavar="DIR_OR_ZIP", help="photographs beside a labels.csv")
    photos.add_argument("--json", action="store_true", help="numbers for programs instead of text")
    photos.set_defaults(run_command=run)


def run(options: argparse.Namespace) -> int:
    from inference.pipeline import Pipeline
    from training.photos import as_text, measure_photos

    numbers = measure_photos(Pipeline.load(options.bundle), options.photos)
    print(json.dumps(numbers, indent=2) if options.json else as_text(numbers))
    return 0
