"""What ``python -m training compare`` asks for, and the files that it leaves."""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def add(compare: argparse.ArgumentParser) -> None:
    compare.add_argument("--data", required=True, help="as for fit, or `synthetic`: drawn faces, in two minutes")
    compare.add_argument("--votes", type=Path, help="fer2013new.csv, to join with FER2013's .csv")
    compare.add_argument(
        "--only", nargs="+", default=[], metavar="NAME", help="approaches, or patterns such as 'hog-*'"
    )
    compare.add_argument(
        "--preprocess",
        nargs="+",
        default=[],
        metavar="STEP",
        help="do this to all faces first: denoise, equalise, resize32",
    )
    compare.add_argument(
        "--budget",
        type=float,
        metavar="MINUTES",
        help="of the processor for each fit (default 20; a second if synthetic)",
    )
    compare.add_argument("--fairface", type=Path, metavar="ZIP", help="photographs of one face each, for the detectors")
    compare.add_argument(
        "--work", type=Path, default=Path("runs/compare"), help="folder for results, fits and features"
    )
    compare.add_argument("--out", type=Path, metavar="DIR", help="folder of table.md, table.csv and plot.png")
    compare.add_argument("--readme", type=Path, metavar="PAGE.md", help="put the table between this page's markers")
    compare.set_defaults(run_command=run)


def run(options: argparse.Namespace) -> int:
    from training import comparison_table
    from training.choices import Settings, check
    from training.compare import compare, read
    from training.scores import absent

    out = options.out or options.work
    only, steps = tuple(options.only), tuple(options.preprocess)
    settings = Settings(options.data, options.work, options.budget, options.fairface, options.votes, only, steps)
    check(settings, options.readme)
    data = read(settings)
    missing = absent(data.valid.votes)
    heading = comparison_table.heading(data.title, len(data.train), len(data.valid), data.budget, missing)
    results = compare(settings, data, lambda so_far: comparison_table.write(so_far, heading, out))
    comparison_table.write(results, heading, out)
    comparison_table.draw(results, out / "plot.png")
    table = (out / "table.md").read_text()
    if options.readme:
        plot = os.path.relpath(out / "plot.png", options.readme.parent)
        comparison_table.put_into(options.readme, table.replace("(plot.png)", f"({plot})"))
    print(table)
    return 0
