from __future__ import annotations

from django.apps import AppConfig


class TellingConfig(AppConfig):
    name = "journal.telling"
    label = "telling"
