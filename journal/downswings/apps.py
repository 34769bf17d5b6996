from __future__ import annotations

from django.apps import AppConfig


class DownswingsConfig(AppConfig):
    name = "journal.downswings"
    label = "downswings"

    def ready(self) -> None:
        from journal.downswings import watch  # noqa: F401  (hears of changed days)
