from __future__ import annotations

from django.apps import AppConfig


class MoodsConfig(AppConfig):
    name = "journal.moods"
    label = "moods"

    def ready(self) -> None:
        from journal.moods import reminders, rollup  # noqa: F401  (hear of zones, messages, readings and check-ins)
