"""Learn from faces and write a bundle."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from training.commands.data import add_data
from training.datasets import load
from training.formats import title
from training.recipes import CONTINUED, RECIPES


def add(fit: argparse.ArgumentParser) -> None:
    add_data(fit)
    fit.add_argument("--recipe", choices=RECIPES, default="plain", help="what to learn with (training/recipes.py)")
    fit.add_argument("--run", type=Path, default=Path("runs/plain"), help="the run's folder")
    fit.add_argument("--lessons", type=Path, metavar="LESSONS.npz", help="what `teach` wrote, to learn from too")
    needs = f"begin with a bundle's weights, as {', '.join(CONTINUED)} have to"
    fit.add_argument("--start", type=Path, metavar="BUNDLE", help=needs)
    fit.add_argument("--bundle", type=Path, help="where the bundle goes (default: bundle/ in the run's folder)")
    fit.add_argument("--name", default="plain-1")
    fit.add_argument("--epochs", type=int, help="instead of the recipe's own number")
    fit.add_argument("--seed", type=int, default=0)
    fit.add_argument("--device", help="cpu or cuda (default: a GPU if there is one)")
    fit.add_argument("--precision", choices=("fp32", "bf16"), help="default: bf16 where it is faster")
    fit.set_defaults(run_command=run)


def run(options: argparse.Namespace) -> int:
    from inference.bundle import BundleError, load_bundle
    from training.export import export
    from training.fit import Run, RunError, held_place
    from training.place import NoSuchDevice, choose
    from training.teach import Lessons

    if options.recipe in CONTINUED and not options.start:
        print(f"{options.recipe} is for a bundle that has learned: name it with --start.", file=sys.stderr)
        return 2
    recipe = replace(RECIPES[options.recipe], seed=options.seed)
    if options.epochs:
        recipe = replace(recipe, epochs=options.epochs)
    train, valid = (load(options.data, split, options.run / "cache", options.votes) for split in ("train", "valid"))
    try:
        began = load_bundle(options.start) if options.start else None
        if began and options.recipe in CONTINUED:
            recipe = replace(recipe, architecture=began.manifest.architecture)
        held = None if options.device or options.precision else held_place(options.run)
        place = held or choose(recipe, options.device, options.precision)
        lessons = Lessons.load(options.lessons).for_faces(train) if options.lessons else None
        run = Run(options.run, recipe, train, valid, place, lessons, began=began)
        faces = f"{len(run.train[0])} faces, {len(valid)} to validate"
        print(f"{options.recipe} on {place.device} in {place.precision}: {faces}")
        run.finish()
    except (RunError, NoSuchDevice, BundleError) as error:
        print(error, file=sys.stderr)
        return 2
    metrics = export(run, options.bundle or options.run / "bundle", options.name, title(options.data, options.votes))
    print(json.dumps(metrics, indent=2))
    return 0
