"""Exactly one worker gets a row, and a row whose worker is gone goes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
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


def claim(pk: UUID | str, worker: str = "", most: int = 1) -> list[Snapshot]:
    """Take a waiting row for this worker, and after it the oldest others that wait, ``most`` in all.

    Nothing is taken where the row is gone, taken or finished: what waits has bells of its own. A row that was tried
    before is taken alone, so that a picture which ends its worker ends nobody else's attempt a second time; where there
    is but one attempt, each is.
    """
    # Without a transaction first: most bells of a long queue ring for a row that came along with another.
    if not Snapshot.objects.filter(pk=pk, status=Status.QUEUED).exists():
        return []
    with transaction.atomic():
        taken = _lock(pk, most)
        now = timezone.now()
        for snapshot in taken:
            snapshot.status, snapshot.claimed_at, snapshot.claimed_by = Status.PROCESSING, now, worker
            snapshot.attempts += 1
        Snapshot.objects.filter(pk__in=[snapshot.pk for snapshot in taken]).update(
            status=Status.PROCESSING, claimed_at=now, claimed_by=worker, attempts=F("attempts") + 1
        )
    return taken


def _lock(pk: UUID | str, most: int) -> list[Snapshot]:
    """The rows of a claim, locked until the transaction ends; those that somebody else holds are left to them."""
    # On SQLite the transaction itself is the lock: there is one writer.
    free = Snapshot.objects.select_for_update(skip_locked=True, of=("self",), no_key=True).select_related("user")
    waiting = free.filter(status=Status.QUEUED)
    rung = waiting.filter(pk=pk).first()
    if rung is None:
        return []
    if rung.attempts or most == 1 or settings.READING_ATTEMPTS < 2:
        return [rung]
    return [rung, *waiting.filter(attempts=0).exclude(pk=pk).order_by("received_at")[: most - 1]]


def renew(together: Sequence[Snapshot]) -> None:
    """These rows, claimed together and so in the same attempt, are still worked on; staleness counts from now."""
    held = Snapshot.objects.filter(pk__in=[snapshot.pk for snapshot in together], status=Status.PROCESSING)
    held.filter(attempts=together[0].attempts).update(claimed_at=timezone.now())


@dataclass(frozen=True, slots=True)
class End:
    """How a claimed row ends; ``forget``: its picture goes in the same breath."""

    status: Snapshot.Status
    outcome: str
    faces: int | None = None
    version: ModelVersion | None = None
    forget: bool = False

    def columns(self) -> dict[str, Any]:
        told = {"status": self.status, "outcome": self.outcome, "faces": self.faces, "version": self.version}
        return told | ({"picture": ""} if self.forget else {})


@transaction.atomic
def finish(together: Sequence[Snapshot], end: End) -> list[Snapshot]:
    """Write the same end of claimed rows, and return those whose claim wasn't lost meanwhile.

    The number of the attempt is the claim's ticket: a worker that slept through its time can't finish for
    the one that came after it.
    """
    # On SQLite the transaction itself is the lock.
    held = Snapshot.objects.select_for_update(no_key=True).filter(status=Status.PROCESSING).order_by("pk")
    tickets = dict(held.filter(pk__in=[snapshot.pk for snapshot in together]).values_list("pk", "attempts"))
    ended = [snapshot for snapshot in together if tickets.get(snapshot.pk) == snapshot.attempts]
    rows = Snapshot.objects.filter(pk__in=[snapshot.pk for snapshot in ended])
    rows.update(**end.columns(), finished_at=timezone.now())
    if end.forget:
        for snapshot in ended:
            retention.forget_file(snapshot)
    return ended


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
    if finish([snapshot], End(Status.FAILED, outcome, forget=True)):
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
