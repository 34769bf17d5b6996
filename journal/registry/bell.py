"""Tell the workers, by task name, that a version waits to be checked. Losing a message loses nothing."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import redis.exceptions
import structlog
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from journal.celery import app
from journal.registry.models import ModelVersion

TASK = "journal.readings.tasks.check_version"
QUEUE = "shadow"
PATIENCE = timedelta(seconds=60)
log = structlog.get_logger(__name__)


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


def _ring(pk: int) -> None:
    try:
        app.send_task(TASK, args=[pk], queue=QUEUE, expires=60, retry=False)
    except (OperationalError, redis.exceptions.RedisError, OSError) as error:
        log.warning("doorbell_unheard", version=pk, error=str(error))
