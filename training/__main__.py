"""``python -m training COMMAND``: labelled faces -> a model bundle, and what it is worth."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import Final

from inference.bundle import BundleError
from training.commands import capture, card, compare, dataset, evaluate, fit, identity, inspect, photos, teach
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="CPU threads (default: all)")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (add, purpose) in COMMANDS.items():
        add(commands.add_parser(name, help=purpose, description=purpose, parents=[common]))
    return parser


COMMANDS: Final[dict[str, tuple[Callable[[argparse.ArgumentParser], None], str]]] = {
    "fit": (fit.add, "learn from faces and write a bundle; continues a run that was cut off"),
    "identity": (identity.add, "published weights for telling people apart -> a bundle that `fit --start` begins with"),
    "teach": (teach.add, "write down what bundles see on faces, for `fit --lessons`"),
    "evaluate": (evaluate.add, "score a bundle by the FER+ protocol"),
    "photos": (photos.add, "the whole pipeline on photographs with a labels.csv"),
    "card": (card.add, "measure a bundle and write its model card, in Markdown and HTML with plots"),
    "capture": (capture.add, "save aligned crops of a face under a label; continues where it stopped"),
    "dataset": (dataset.add, "captures -> train, valid and test with no near-duplicates across them"),
    "compare": (
        compare.add,
        "every approach of the field on the same faces, as a table; continues where it stopped",
    ),
    "inspect": (inspect.add, "count the faces of a data set by emotion and split"),
}


if __name__ == "__main__":
    sys.exit(main())
