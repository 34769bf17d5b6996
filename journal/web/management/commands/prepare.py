"""Everything that must be true before the parts start: tables, the shipped model, static files."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from inference.bundle import BundleError
from journal.registry.shipped import import_card, register_shipped


class Command(BaseCommand):
    help = "Migrate, register the shipped model with its card and collect static files."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        try:
            import_card(register_shipped())
        except BundleError as error:
            # The journal works without its reader; the reading worker says the same and the pages tell people.
            self.stderr.write(f"The shipped model can't be used, so nothing will be read: {error}")
        except OSError as error:
            raise CommandError(str(error)) from error
