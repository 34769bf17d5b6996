"""Captures -> a data set."""

from __future__ import annotations

import argparse
from pathlib import Path


def add(dataset: argparse.ArgumentParser) -> None:
    dataset.add_argument("--captures", type=Path, required=True, help="what `capture --out` wrote")
    dataset.add_argument("--out", type=Path, required=True, help="a new folder, for `fit --data`")
    dataset.add_argument("--seed", type=int, default=0)
    dataset.set_defaults(run_command=run)


def run(options: argparse.Namespace) -> int:
    from training.captured import as_text, build

    print(as_text(build(options.captures, options.out, seed=options.seed)))
    return 0
