"""Housekeeping that beat asks for."""

from __future__ import annotations

from celery import shared_task

from journal.snapshots import retention


@shared_task
def forget_strays() -> None:
    retention.forget_strays()
