from __future__ import annotations

from django.apps import AppConfig


class ReadingsConfig(AppConfig):
    name = "journal.readings"
    label = "readings"

    def ready(self) -> None:
        from journal.readings import lending  # noqa: F401  (obeys consents)
