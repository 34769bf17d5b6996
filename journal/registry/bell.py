"""Tell the workers, by task name, that a version waits to be checked. Losing a message loses nothing."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from journal.doorbell import ring
from journal.registry.models import ModelVersion

TASK = "journal.readings.tasks.check_version"
QUEUE = "shadow"
PATIENCE = timedelta(seconds=60)
RING_LIFE = timedelta(seconds=60)


def ring_on_commit(version: ModelVersion) -> None:
    """Ring for a version once it is there for everyone to see."""
    ModelVersion.objects.filter(pk=version.pk).update(rung_at=timezone.now())
    transaction.on_commit(partial(_ring, version.pk))


def ring_again() -> int:
    """Ring for versions that have waited too long; return how many there were."""
    now = timezone.now()
    waiting = ModelVersion.objects.filter(status=ModelVersion.Status.CHECKING).exclude(rung_at__gt=now - PATIENCE)
    rows = list(waiting.values_list("pk", flat=True))
    ModelVersion.objects.filter(pk__in=rows).update(rung_at=now)
    for pk in rows:
        _ring(pk)
    return len(rows)


def _ring(pk: int) -> bool:
    return ring(TASK, QUEUE, pk, RING_LIFE)
