"""``manage.py demo``: a person who doesn't exist, with a year of days."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inference.bundle import BundleError
from journal.accounts.people import NameTaken
from journal.moods import demo


class Command(BaseCommand):
    help = "Make a person called demo with a believable, made-up year, to see what a journal becomes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=365, help="how many days back (default 365)")
        parser.add_argument("--seed", type=int, default=0, help="another seed, another year")

        parser.add_argument(
            "--dip", type=int, default=demo.DIP_AGO, metavar="DAYS",
            help="how many days ago three heavier weeks began (default: %(default)s)",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        password = secrets.token_urlsafe(9)
        try:
            demo.make(options["days"], options["seed"], password, options["dip"])
        except NameTaken:
            raise CommandError("There is somebody called demo already. The demo's own pages can remove it.") from None
        except BundleError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Sign in as {demo.NAME} with the password {password}")
        self.stdout.write("Every page says that this is a demo, and leads to where it is removed.")
