"""Measure a bundle and write its model card."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from training.datasets import load
from training.formats import title


def add(card: argparse.ArgumentParser) -> None:
    card.add_argument("--bundle", type=Path, required=True)
    card.add_argument("--data", type=Path, required=True, help="FER+ folder or zip")
    card.add_argument("--split", choices=("valid", "test"), default="valid")
    card.add_argument("--photos", type=Path, nargs="*", default=[], help="photographs beside a labels.csv")
    card.add_argument("--fairface", type=Path, metavar="ZIP", help="FairFace with its labels.csv, for figures by group")
    card.add_argument("--each", type=int, default=1000, help="photographs a group of FairFace (default 1000)")
    card.add_argument("--detector", type=Path, metavar="JSON", help="what python -m tests.parity printed")
    card.add_argument("--robustness", type=int, default=1000, metavar="FACES", help="how many faces on worse pictures")
    card.add_argument("--out", type=Path, required=True, help="folder of the card")
    card.set_defaults(run_command=run)


def run(options: argparse.Namespace) -> int:
    from inference.pipeline import Pipeline
    from training.card import write_card
    from training.cost import measure_cost
    from training.fairface import measure_groups
    from training.photos import measure_photos
    from training.report import evaluate

    cost = measure_cost(options.bundle)
    evaluation = evaluate(options.bundle, load(options.data, options.split), options.split, options.robustness)
    pipeline = Pipeline.load(options.bundle)
    measured = {
        "manifest": pipeline.manifest.raw,
        "data": title(options.data),
        "cost": cost,
        "evaluation": evaluation.numbers,
        "photos": [{"source": path.name, **measure_photos(pipeline, path)} for path in options.photos],
        "groups": measure_groups(pipeline, options.fairface, options.each) if options.fairface else None,
        "detector": json.loads(options.detector.read_text()) if options.detector else None,
        "command": _reproducing(options),
    }
    for path in write_card(measured, evaluation, options.out):
        print(path)
    return 0


def _reproducing(options: argparse.Namespace) -> str:
    """The command as somebody else would type it: data by its name in a folder called ``data``."""
    parts = [
        f"python -m training card --bundle {options.bundle} --data data/{options.data.name} --split {options.split}"
    ]
    parts += [f"--robustness {options.robustness}"]
    parts += [f"--photos {' '.join(f'data/{path.name}' for path in options.photos)}"] if options.photos else []
    parts += [f"--fairface data/{options.fairface.name} --each {options.each}"] if options.fairface else []
    parts += [f"--detector {options.detector.name}"] if options.detector else []
    return " \\\n    ".join([*parts, f"--out {options.out}"])
