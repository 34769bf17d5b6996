from __future__ import annotations

from django.apps import AppConfig


class DownswingsConfig(AppConfig):
    name = "journal.downswings"
    label = "downswings"
