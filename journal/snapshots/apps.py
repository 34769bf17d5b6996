from __future__ import annotations

from django.apps import AppConfig


class SnapshotsConfig(AppConfig):
    name = "journal.snapshots"
    label = "snapshots"

    def ready(self) -> None:
        from journal.snapshots import retention  # noqa: F401  (connects to withdrawn consents)
