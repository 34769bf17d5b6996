from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "journal.accounts"
    label = "accounts"

    def ready(self) -> None:
        from journal.accounts import checks, people  # noqa: F401  (registers the check, connects profiles)
