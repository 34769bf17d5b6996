"""Score a bundle by the FER+ protocol."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from training.commands.data import add_data
from training.datasets import load


def add(evaluate: argparse.ArgumentParser) -> None:
    evaluate.add_argument("--bundle", type=Path, required=True)
    add_data(evaluate)
    evaluate.add_argument("--split", choices=("valid", "test"), default="valid")
    evaluate.add_argument("--predictions", type=Path, metavar="OUT.csv", help="write every face's intensities here")
    evaluate.add_argument("--json", action="store_true", help="numbers for programs instead of text")
    evaluate.add_argument("--plots", type=Path, metavar="DIR", help="draw the plots into this folder")
    evaluate.add_argument("--cache", type=Path, help="a folder that makes reading the data fast the next time")
    evaluate.add_argument(
        "--robustness",
        type=int,
        default=1000,
        metavar="FACES",
        help="how many faces to read on worse pictures, 0: none",
    )
    evaluate.set_defaults(run_command=run)


def run(options: argparse.Namespace) -> int:
    from training.plots import draw_evaluation
    from training.report import evaluate, write_predictions
    from training.text import as_text

    faces = load(options.data, options.split, options.cache, options.votes)
    evaluation = evaluate(options.bundle, faces, options.split, options.robustness)
    if options.predictions:
        write_predictions(evaluation, options.predictions)
    if options.plots:
        draw_evaluation(evaluation.numbers, evaluation.judged, options.plots)
    print(json.dumps(evaluation.numbers, indent=2) if options.json else as_text(evaluation.numbers))
    return 0
