"""Count the faces of a data set."""

from __future__ import annotations

import argparse
from pathlib import Path

from training.commands.data import add_data
from training.datasets import splits_of, vote_shares


def add(inspect: argparse.ArgumentParser) -> None:
    add_data(inspect)
    inspect.add_argument("--cache", type=Path, help="a folder that makes reading the data fast the next time")
    inspect.add_argument("--plot", type=Path, metavar="OUT.png", help="draw the class distribution here")
    inspect.set_defaults(run_command=run)


def run(options: argparse.Namespace) -> int:
    from training.formats import VOTE_COLUMNS
    from training.plots import distribution, save

    counts = {
        split: vote_shares(faces.votes).sum(axis=0).tolist()
        for split, faces in splits_of(options.data, options.cache, options.votes).items()
    }
    print(f"{'faces, by shares':18}" + "".join(f"{split:>10}" for split in counts))
    for number, name in enumerate(VOTE_COLUMNS):
        print(f"{name:18}" + "".join(f"{values[number]:10.1f}" for values in counts.values()))
    print(f"{'together':18}" + "".join(f"{sum(values):10.1f}" for values in counts.values()))
    if options.plot:
        save(distribution(counts, VOTE_COLUMNS), options.plot)
    return 0
