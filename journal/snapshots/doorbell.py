"""The doorbell: tell the workers, by task name, that a row waits. Losing a message loses nothing."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from journal.doorbell import ring
from journal.snapshots.models import Snapshot

TASK = "journal.readings.tasks.analyse_snapshot"
# A row waits this long before its bell is rung again; a message that waited longer is worth nothing,
# so a queue never holds more than a few messages a row, however long the workers are away.
PATIENCE = timedelta(seconds=15)
MESSAGE_LIFE = timedelta(seconds=60)
AT_ONCE = 500


def ring_on_commit(snapshot: Snapshot) -> None:
    """Ring for a row once it is there for everyone to see."""
    snapshot.rung_at = timezone.now()
    Snapshot.objects.filter(pk=snapshot.pk).update(rung_at=snapshot.rung_at)
    transaction.on_commit(partial(_ring, snapshot.pk))


def ring_again() -> int:
    """Ring for rows that have waited too long, oldest first; return how many bells were heard."""
    now = timezone.now()
    waiting = Snapshot.objects.filter(status=Snapshot.Status.QUEUED)
    late = waiting.exclude(rung_at__gt=now - PATIENCE).order_by("received_at")
    rows = list(late.values_list("pk", flat=True)[:AT_ONCE])
    Snapshot.objects.filter(pk__in=rows).update(rung_at=now)
    return sum(_ring(pk) for pk in rows)


def _ring(pk: UUID) -> bool:
    return ring(TASK, "inference", pk, MESSAGE_LIFE)
