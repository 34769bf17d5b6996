from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "journal.web"
    label = "web"

    def ready(self) -> None:
        from journal.web import checks  # noqa: F401  (registers the check)
