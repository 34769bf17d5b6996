from __future__ import annotations

from django.apps import AppConfig


class MoodsConfig(AppConfig):
    name = "journal.moods"
    label = "moods"
