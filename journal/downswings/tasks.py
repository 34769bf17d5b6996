"""What beat asks for."""

from __future__ import annotations

from celery import shared_task

from journal.downswings.sweep import sweep


@shared_task(ignore_result=True)
def watch_ended_days() -> None:
    """Look at everybody whose day has ended; often, because days end at another moment in each zone."""
    sweep()
