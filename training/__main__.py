"""``python -m training fit``: learn from FER+ and write a bundle."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import torch

from training.datasets import DataError, load
from training.export import export
from training.fit import Recipe, Run


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        train = load(options.data, "train", options.run / "cache")
        valid = load(options.data, "valid", options.run / "cache")
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    run = Run(options.run, replace(Recipe(), epochs=options.epochs, seed=options.seed), train, valid)
    run.finish()
    metrics = export(run, options.bundle or options.run / "bundle", options.name)
    print(json.dumps(metrics, indent=2))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    fit = commands.add_parser("fit", help="learn from FER+ and write a bundle; continues a run that was cut off")
    fit.add_argument("--data", type=Path, required=True, help="the FER+ folder or zip, in its official layout")
    fit.add_argument("--run", type=Path, default=Path("runs/plain"), help="the run's folder")
    fit.add_argument("--bundle", type=Path, help="where the bundle goes (default: bundle/ in the run's folder)")
    fit.add_argument("--name", default="plain-1")
    fit.add_argument("--epochs", type=int, default=Recipe.epochs)
    fit.add_argument("--seed", type=int, default=0)
    fit.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
