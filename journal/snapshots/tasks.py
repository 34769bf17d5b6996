"""Housekeeping that beat asks for."""

from __future__ import annotations

from celery import shared_task
from django.db import connection

from journal import write_ahead
from journal.snapshots import retention


@shared_task
def forget_strays() -> None:
    retention.forget_strays()


@shared_task
def empty_write_ahead_log() -> None:
    write_ahead.empty(connection)
