"""Exactly one worker gets a row, and a row whose worker is gone goes back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from journal.registry.models import ModelVersion
from journal.snapshots import retention
from journal.snapshots.models import Snapshot

Status = Snapshot.Status
log = structlog.get_logger(__name__)


def claim(pk: UUID | str, worker: str = "") -> Snapshot | None:
    """Take a waiting row for this worker, or None if it's gone, taken or finished."""
    won = Snapshot.objects.filter(pk=pk, status=Status.QUEUED).update(
        status=Status.PROCESSING, claimed_at=timezone.now(), claimed_by=worker, attempts=F("attempts") + 1
    )
    # Discarded in between, it is nobody's.
    return Snapshot.objects.select_related("user").filter(pk=pk).first() if won else None


def finish(
    snapshot: Snapshot,
    status: Snapshot.Status,
    outcome: str,
    faces: int | None = None,
    version: ModelVersion | None = None,
) -> bool:
    """Write the end of a claimed row; False if the claim was lost meanwhile, so that nothing else is stored.

    The number of the attempt is the claim's ticket: a worker that slept through its time can't finish for
    the one that came after it.
    """
    now = timezone.now()
    held = Snapshot.objects.filter(pk=snapshot.pk, status=Status.PROCESSING, attempts=snapshot.attempts)
    return bool(held.update(status=status, outcome=outcome, faces=faces, version=version, finished_at=now))


def give_up_or_retry(snapshot: Snapshot, outcome: str) -> None:
    """After a failed attempt: back into the queue, or FAILED once there were enough attempts."""
    if snapshot.attempts >= settings.READING_ATTEMPTS:
        give_up(snapshot, outcome)
        return
    held = Snapshot.objects.filter(pk=snapshot.pk, status=Status.PROCESSING, attempts=snapshot.attempts)
    # No bell yet: beat rings it, so that a picture which breaks the worker doesn't come back at once.
    held.update(status=Status.QUEUED, claimed_at=None, rung_at=None)


@transaction.atomic
def give_up(snapshot: Snapshot, outcome: str) -> None:
    """FAILED for good, and the picture goes in the same breath."""
    if finish(snapshot, Status.FAILED, outcome):
        retention.forget_picture(snapshot)
        log.error("snapshot_failed", snapshot=str(snapshot.pk), outcome=outcome, attempts=snapshot.attempts)


def release_stale() -> int:
    """Give up or retry rows whose worker must be gone; return how many there were."""
    before = timezone.now() - timedelta(seconds=settings.READING_STALE)
    return _release(Snapshot.objects.filter(claimed_at__lt=before))


def release_of(worker: str) -> int:
    """Give up or retry what a worker of this name still holds; it calls this when it starts, so it has died since."""
    return _release(Snapshot.objects.filter(claimed_by=worker))


def _release(claims: QuerySet[Snapshot]) -> int:
    lost = list(claims.filter(status=Status.PROCESSING))
    for snapshot in lost:
        log.warning("claim_lost", snapshot=str(snapshot.pk), attempts=snapshot.attempts, worker=snapshot.claimed_by)
        give_up_or_retry(snapshot, "worker_lost")
    return len(lost)
