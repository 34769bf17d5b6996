"""``python -m training COMMAND``: labelled faces -> a model bundle, and what it is worth."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from inference.bundle import BundleError
from inference.emotions import EMOTIONS
from training import compare_command
from training.datasets import load, splits_of, vote_shares
from training.formats import emotion_named, title
from training.recipes import RECIPES
from training.sources import DataError


def main(arguments: list[str] | None = None) -> int:
    """0: done; 2: the data or the bundle can't be used, and one sentence said why."""
    options = _parser().parse_args(arguments)
    _limit_threads(options.threads)
    try:
        return int(options.run_command(options))
    except (DataError, BundleError) as error:
        print(error, file=sys.stderr)
        return 2


def _limit_threads(threads: int) -> None:
    import cv2
    import torch

    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)


def _fit(options: argparse.Namespace) -> int:
    from training.export import export
    from training.fit import Run, RunError, held_place
    from training.place import NoSuchDevice, choose
    from training.teach import Lessons

    recipe = replace(RECIPES[options.recipe], seed=options.seed)
    if options.epochs:
        recipe = replace(recipe, epochs=options.epochs)
    train, valid = (load(options.data, split, options.run / "cache", options.votes) for split in ("train", "valid"))
    try:
        held = None if options.device or options.precision else held_place(options.run)
        place = held or choose(recipe, options.device, options.precision)
        lessons = Lessons.load(options.lessons).for_faces(train) if options.lessons else None
        run = Run(options.run, recipe, train, valid, place, lessons)
        faces = f"{len(run.train[0])} faces, {len(valid)} to validate"
        print(f"{options.recipe} on {place.device} in {place.precision}: {faces}")
        run.finish()
    except (RunError, NoSuchDevice) as error:
        print(error, file=sys.stderr)
        return 2
    metrics = export(run, options.bundle or options.run / "bundle", options.name, title(options.data, options.votes))
    print(json.dumps(metrics, indent=2))
    return 0


def _teach(options: argparse.Namespace) -> int:
    from training.teach import Teachers, teach

    faces = load(options.data, "train", options.cache, options.votes)
    lessons = teach(Teachers(options.bundle), faces, options.photos, options.credit)
    lessons.save(options.out)
    print(f"{options.out}: {len(lessons.labelled)} faces with votes, {len(lessons.pixels)} without")
    return 0


def _evaluate(options: argparse.Namespace) -> int:
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


def _photos(options: argparse.Namespace) -> int:
    from inference.pipeline import Pipeline
    from training.photos import as_text, measure_photos

    numbers = measure_photos(Pipeline.load(options.bundle), options.photos)
    print(json.dumps(numbers, indent=2) if options.json else as_text(numbers))
    return 0


def _card(options: argparse.Namespace) -> int:
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


def _capture(options: argparse.Namespace) -> int:
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


def _dataset(options: argparse.Namespace) -> int:
    from training.captured import as_text, build

    print(as_text(build(options.captures, options.out, seed=options.seed)))
    return 0


def _inspect(options: argparse.Namespace) -> int:
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


def _emotion(word: str) -> str:
    emotion = emotion_named(word)
    if emotion is None:
        raise argparse.ArgumentTypeError(f"{word!r} is not one of {', '.join(EMOTIONS)}")
    return emotion


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="CPU threads (default: all)")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (add, purpose) in COMMANDS.items():
        add(commands.add_parser(name, help=purpose, description=purpose, parents=[common]))
    return parser


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, required=True, help="FER+ folder or zip, FER2013's .csv, or a folder a class in each split"
    )
    parser.add_argument("--votes", type=Path, help="fer2013new.csv, to join with FER2013's .csv")


def _add_fit(fit: argparse.ArgumentParser) -> None:
    _add_data(fit)
    fit.add_argument("--recipe", choices=RECIPES, default="plain", help="what to learn with (training/recipes.py)")
    fit.add_argument("--run", type=Path, default=Path("runs/plain"), help="the run's folder")
    fit.add_argument("--lessons", type=Path, metavar="LESSONS.npz", help="what `teach` wrote, to learn from too")
    fit.add_argument("--bundle", type=Path, help="where the bundle goes (default: bundle/ in the run's folder)")
    fit.add_argument("--name", default="plain-1")
    fit.add_argument("--epochs", type=int, help="instead of the recipe's own number")
    fit.add_argument("--seed", type=int, default=0)
    fit.add_argument("--device", help="cpu or cuda (default: a GPU if there is one)")
    fit.add_argument("--precision", choices=("fp32", "bf16"), help="default: bf16 where it is faster")
    fit.set_defaults(run_command=_fit)


def _add_teach(teach: argparse.ArgumentParser) -> None:
    teach.add_argument("--bundle", type=Path, nargs="+", required=True, help="one teacher or several")
    _add_data(teach)
    teach.add_argument("--photos", type=Path, help="photographs beside a labels.csv, of which the names alone are read")
    teach.add_argument("--credit", default="", help="whose photographs they are and their licence, for the manifest")
    teach.add_argument("--cache", type=Path, help="a folder that makes reading the data fast the next time")
    teach.add_argument("--out", type=Path, required=True, metavar="LESSONS.npz")
    teach.set_defaults(run_command=_teach)


def _add_evaluate(evaluate: argparse.ArgumentParser) -> None:
    evaluate.add_argument("--bundle", type=Path, required=True)
    _add_data(evaluate)
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
    evaluate.set_defaults(run_command=_evaluate)


def _add_photos(photos: argparse.ArgumentParser) -> None:
    photos.add_argument("--bundle", type=Path, required=True)
    photos.add_argument("photos", type=Path, metavar="DIR_OR_ZIP", help="photographs beside a labels.csv")
    photos.add_argument("--json", action="store_true", help="numbers for programs instead of text")
    photos.set_defaults(run_command=_photos)


def _add_card(card: argparse.ArgumentParser) -> None:
    card.add_argument("--bundle", type=Path, required=True)
    card.add_argument("--data", type=Path, required=True, help="FER+ folder or zip")
    card.add_argument("--split", choices=("valid", "test"), default="valid")
    card.add_argument("--photos", type=Path, nargs="*", default=[], help="photographs beside a labels.csv")
    card.add_argument("--fairface", type=Path, metavar="ZIP", help="FairFace with its labels.csv, for figures by group")
    card.add_argument("--each", type=int, default=1000, help="photographs a group of FairFace (default 1000)")
    card.add_argument("--detector", type=Path, metavar="JSON", help="what python -m tests.parity printed")
    card.add_argument("--robustness", type=int, default=1000, metavar="FACES", help="how many faces on worse pictures")
    card.add_argument("--out", type=Path, required=True, help="folder of the card")
    card.set_defaults(run_command=_card)


def _add_capture(capture: argparse.ArgumentParser) -> None:
    capture.add_argument("--label", type=_emotion, required=True, help="the emotion shown: happiness, or happy")
    capture.add_argument("--count", type=int, required=True, help="how many crops the label shall have in the end")
    capture.add_argument("--out", type=Path, required=True, help="folder of the captures, one folder a label in it")
    source = capture.add_mutually_exclusive_group()
    source.add_argument("--camera", type=int, default=0, help="number of the camera (default 0)")
    source.add_argument("--video", type=Path, help="take the frames of this film instead")
    source.add_argument("--images", type=Path, help="take the photographs of this folder instead")
    capture.add_argument("--no-window", dest="window", action="store_false", help="show nothing")
    capture.set_defaults(run_command=_capture)


def _add_dataset(dataset: argparse.ArgumentParser) -> None:
    dataset.add_argument("--captures", type=Path, required=True, help="what `capture --out` wrote")
    dataset.add_argument("--out", type=Path, required=True, help="a new folder, for `fit --data`")
    dataset.add_argument("--seed", type=int, default=0)
    dataset.set_defaults(run_command=_dataset)


def _add_inspect(inspect: argparse.ArgumentParser) -> None:
    _add_data(inspect)
    inspect.add_argument("--cache", type=Path, help="a folder that makes reading the data fast the next time")
    inspect.add_argument("--plot", type=Path, metavar="OUT.png", help="draw the class distribution here")
    inspect.set_defaults(run_command=_inspect)


COMMANDS: Final[dict[str, tuple[Callable[[argparse.ArgumentParser], None], str]]] = {
    "fit": (_add_fit, "learn from faces and write a bundle; continues a run that was cut off"),
    "teach": (_add_teach, "write down what bundles see on faces, for `fit --lessons`"),
    "evaluate": (_add_evaluate, "score a bundle by the FER+ protocol"),
    "photos": (_add_photos, "the whole pipeline on photographs with a labels.csv"),
    "card": (_add_card, "measure a bundle and write its model card, in Markdown and HTML with plots"),
    "capture": (_add_capture, "save aligned crops of a face under a label; continues where it stopped"),
    "dataset": (_add_dataset, "captures -> train, valid and test with no near-duplicates across them"),
    "compare": (
        compare_command.add,
        "every approach of the field on the same faces, as a table; continues where it stopped",
    ),
    "inspect": (_add_inspect, "count the faces of a data set by emotion and split"),
}


if __name__ == "__main__":
    sys.exit(main())
