"""``manage.py check_crisis``: which listening lines want a look, and where."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from journal.web.crisis_lines import Line, book


class Command(BaseCommand):
    help = "List the listening lines of the crisis page with their organisations' pages; ends with 1 if any is too old."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--country", help="only this one, by its two letters")

    def handle(self, *args: Any, **options: Any) -> None:
        found, wanted = book(), (options["country"] or "").upper()
        today = timezone.now().date()
        rows = [(c.code, line) for c in found.countries.values() for line in c.lines if wanted in ("", c.code)]
        rows += [("--", line) for line in found.directories if not wanted]
        for code, line in rows:
            numbers = ", ".join([*line.call, *([f"text {line.text}"] if line.text else [])])
            age = "TOO OLD, " if line.is_old(today) else ""
            self.stdout.write(f"{code}  {age}{state(line)}  {line.name}  {numbers}  {line.page}")
        old = sum(line.is_old(today) for _code, line in rows)
        unseen = sum(line.checked is None for _code, line in rows)
        self.stdout.write(f"{len(rows)} lines; {unseen} were never checked live, {old} not looked at for a year.")
        if old:
            sys.exit(1)


def state(line: Line) -> str:
    return f"checked {line.checked}" if line.checked else f"entered {line.entered}, unchecked"
