"""Take a model bundle in: a folder or a zip."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from journal.registry.parcel import LARGEST_WEIGHTS, open_folder, open_zip
from journal.registry.refusal import VersionRefused
from journal.registry.register import register


class Command(BaseCommand):
    help = "Take a model bundle in; a worker checks it, and then a person reviews it in the admin."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a bundle's folder, or a zip of one")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            parcel = open_folder(path) if path.is_dir() else open_zip(_read(path))
            version = register(parcel, source=f"register_model {path.name}")
        except VersionRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{version.name} is registered and waits for its check: a worker reads a drawn face with it.")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more than any zip may have is enough to refuse it.
            return file.read(2 * LARGEST_WEIGHTS)
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from error
