"""``manage.py reset_link NAME``: print a link for somebody who forgot the password."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal.accounts.models import User
from journal.accounts.reset import reset_link


class Command(BaseCommand):
    help = "Print a one-time link with which a person can choose a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="the name that the person signs in with")

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"]
        try:
            user = User.objects.get_by_natural_key(username)
        except User.DoesNotExist:
            raise CommandError(f"There is nobody called {username} here.") from None
        self.stdout.write(reset_link(user))
