"""Write down what bundles see on faces."""

from __future__ import annotations

import argparse
from pathlib import Path

from training.commands.data import add_data
from training.datasets import load


def add(teach: argparse.ArgumentParser) -> None:
    teach.add_argument("--bundle", type=Path, nargs="+", required=True, help="one teacher or several")
    add_data(teach)
    teach.add_argument("--photos", type=Path, help="photographs beside a labels.csv, of which the names alone are read")
    teach.add_argument("--credit", default="", help="whose photographs they are and their licence, for the manifest")
    teach.add_argument("--cache", type=Path, help="a folder that makes reading the data fast the next time")
    teach.add_argument("--out", type=Path, required=True, metavar="LESSONS.npz")
    teach.set_defaults(run_command=run)


def run(options: argparse.Namespace) -> int:
    from training.teach import Teachers, teach

    faces = load(options.data, "train", options.cache, options.votes)
    lessons = teach(Teachers(options.bundle), faces, options.photos, options.credit)
    lessons.save(options.out)
    print(f"{options.out}: {len(lessons.labelled)} faces with votes, {len(lessons.pixels)} without")
    return 0
