"""``manage.py backtest_downswings FILE``: what the chart would have said about days that are long over."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from math import inf
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal.downswings.chart import CALM, SENSITIVE, USUAL, Point, chart
from journal.downswings.evidence import series
from journal.downswings.evidence.backtest import as_json, in_words
from journal.downswings.evidence.plots import NoMatplotlib, panels

WIDTHS = {"sensitive": SENSITIVE, "usual": USUAL, "calm": CALM}


class Command(BaseCommand):
    help = "Run the downswing chart over a CSV or TSV file of past days. " + (series.__doc__ or "")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--date-column", default="date")
        parser.add_argument("--value-column", default="valence")
        parser.add_argument("--person-column", help="one chart for each value of this column")
        parser.add_argument("--scale", nargs=2, type=float, metavar=("MIN", "MAX"),
                            help="values outside are an error; the SD floor is 5 %% of MAX-MIN")  # fmt: skip
        parser.add_argument("--sensitivity", choices=WIDTHS, default="usual")
        parser.add_argument("--json", action="store_true", help="JSON alone on the standard output")
        parser.add_argument("--plot", type=Path, metavar="OUT.png", help="draw up to twelve people, flagged ones first")

    def handle(self, *args: Any, **options: Any) -> None:
        scale = tuple(options["scale"]) if options["scale"] else None
        if scale and not -inf < scale[0] < scale[1] < inf:
            raise CommandError("A scale is a lower number, then a higher one.")
        columns = series.Columns(options["date_column"], options["value_column"], options["person_column"])
        try:
            days = series.read_series(options["file"], columns, scale)
        except series.BadSeries as error:
            raise CommandError(str(error)) from error
        width = WIDTHS[options["sensitivity"]]
        people = {who: chart(own, width=width, scale=scale) for who, own in days.items()}
        if not columns.person:
            people = {"": people.get("", [])}
        if options["plot"]:
            self._plot(people, options["plot"])
        self.stdout.write(self._json(people, bool(columns.person)) if options["json"] else in_words(people))

    def _plot(self, people: dict[str, list[Point]], path: Path) -> None:
        try:
            drawn = panels(people, path)
        except (NoMatplotlib, OSError, ValueError) as error:  # ValueError: a kind of picture that nobody can draw
            raise CommandError(str(error)) from error
        self.stderr.write(f"Drew {drawn} of {len(people)} to {path}.")

    def _json(self, people: dict[str, list[Point]], named: bool) -> str:
        found = {who: as_json(points) for who, points in people.items()}
        return json.dumps({"people": found} if named else found[""], indent=2, allow_nan=False)
