"""Housekeeping that beat asks for."""

from __future__ import annotations

from celery import shared_task

from journal.moods import checkin, reminders


@shared_task
def purge_deleted() -> None:
    checkin.purge()


@shared_task
def remind() -> None:
    reminders.remind_due()
