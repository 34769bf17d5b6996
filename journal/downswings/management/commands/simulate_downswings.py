"""``manage.py simulate_downswings``: what the chart promises, what it does, and what naive rules do, on drawn lives."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from journal.downswings.evidence.operating import CASES, RULES, Row
from journal.downswings.evidence.plots import NoMatplotlib, changes

FEWEST = 2


class Command(BaseCommand):
    help = "Print the downswing chart's operating characteristics: required, measured, and naive rules beside them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--series", type=int, default=2500, help="simulated people a case (default: %(default)s)")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true", help="JSON alone on the standard output")
        parser.add_argument("--plot", type=Path, metavar="OUT.png", help="draw the step and the ramp")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["series"] < FEWEST or options["seed"] < 0:
            raise CommandError("It takes at least two series, and a seed that is not negative.")
        rows = simulate(options["seed"], options["series"])
        if options["json"]:
            self.stdout.write(json.dumps([asdict(row) | {"met": row.met} for row in rows], indent=2))
        else:
            self.stdout.write(as_table(rows))
            missed = sum(row.met is False for row in rows)
            required = sum(row.met is not None for row in rows)
            self.stdout.write(
                f"\n{required - missed} of {required} requirements met, by {options['series']} simulated people a case "
                f"(seed {options['seed']}). +- is one standard error."
            )
        if options["plot"]:
            try:
                changes(options["plot"], options["seed"], options["series"])
            except (NoMatplotlib, OSError, ValueError) as error:
                raise CommandError(str(error)) from error


def simulate(seed: int, people: int) -> list[Row]:
    """Every case from a seed of its own, so that a new case leaves the others' figures alone."""
    rows: list[Row] = []
    for name, case in (progress := tqdm(CASES.items(), unit="case")):
        progress.set_description(name)
        rows += case(np.random.default_rng([seed, *name.encode()]), people)
    return rows


def as_table(rows: list[Row]) -> str:
    naive = list(RULES)[1:]
    head = ["case", "figure", "required", "measured", "", *naive]
    lines = [head, *([r.case, r.figure, required(r), measured(r), verdict(r), *map(number, r.naive)] for r in rows)]
    widths = [max(len(line[i]) for line in lines if i < len(line)) for i in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=False)).rstrip() for line in lines
    )


def required(row: Row) -> str:
    if row.low is not None and row.high is not None:
        return f"{number(row.low)} to {number(row.high)}"
    if row.low is not None:
        return f">= {number(row.low)}"
    if row.high is None:
        return ""
    return f"<= {number(row.high)}" + (f" (+{number(row.allowed)})" if row.allowed else "")


def measured(row: Row) -> str:
    return f"{number(row.measured)} +- {number(row.error)}"


def number(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 5 else f"{value:.3f}"


def verdict(row: Row) -> str:
    return {True: "met", False: "NOT MET", None: ""}[row.met]
