"""What the doorbell wakes."""

from __future__ import annotations

from celery import Task, shared_task
from django.conf import settings

from journal.readings import along, checking, lending
from journal.readings.worker import engine, engine_of
from journal.registry import bell
from journal.snapshots import claim as claims
from journal.snapshots import doorbell


@shared_task(bind=True, ignore_result=True)
def analyse_snapshot(self: Task[[str], None], pk: str) -> None:
    """Read one snapshot, if it still waits, and what else waits along with it."""
    reader = engine()  # before the claim: a reader that can't load must not use up a snapshot's attempts
    if snapshots := claims.claim(pk, self.request.hostname or "", settings.READING_BATCH):
        reader.read(snapshots)


@shared_task(ignore_result=True)
def check_version(pk: int) -> None:
    """Do a new version's smoke reading."""
    checking.check_version(pk, engine_of)


@shared_task(ignore_result=True)
def read_along(pk: int) -> None:
    """Read one snapshot with the version on trial."""
    along.read_along(pk, engine_of)


@shared_task(ignore_result=True)
def end_overdue() -> None:
    """Forget pictures that were lent for too long."""
    lending.end_overdue()


@shared_task(ignore_result=True)
def ring_again() -> None:
    """Heal what was lost: rows whose worker is gone, and rows that nobody was told of."""
    claims.release_stale()
    doorbell.ring_again()
    bell.ring_again()
