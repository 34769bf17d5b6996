"""Put an evaluation beside the version that it is of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from journal.registry.evidence import import_file
from journal.registry.models import ModelVersion
from journal.registry.refusal import VersionRefused


class Command(BaseCommand):
    help = "Import the output of `python -m training evaluate --json`, or a model card's card.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("version", help="the version's name")
        parser.add_argument("path", type=Path)
        parser.add_argument("--data", default="FER+", help="the data set that it was measured on (default FER+)")

    def handle(self, *args: Any, version: str, path: Path, data: str, **options: Any) -> None:
        row = ModelVersion.objects.filter(name=version).first()
        if row is None:
            raise CommandError(f"No version is called {version}.")
        try:
            kept = import_file(row, path.read_bytes(), data, None)
        except VersionRefused as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{path} can't be read: {error.strerror}.") from error
        self.stdout.write("\n".join(f"{one.data} {one.split}: {one.figures.count()} figures" for one in kept))
