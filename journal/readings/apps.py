from __future__ import annotations

from django.apps import AppConfig


class ReadingsConfig(AppConfig):
    name = "journal.readings"
    label = "readings"
