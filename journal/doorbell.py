"""The doorbell: tell a worker, by a task's name, that a row waits. Losing a message loses nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import redis.exceptions
import structlog
from kombu.exceptions import OperationalError

from journal.celery import app

log = structlog.get_logger(__name__)


def ring(task: str, queue: str, row: UUID | int, life: timedelta) -> bool:
    """Send the row's primary key as the task's only argument, for as long as that is worth something; was it heard?

    Where the broker is away the row waits as it is, and whoever keeps such rows rings again.
    """
    told = row if isinstance(row, int) else str(row)
    try:
        app.send_task(task, args=[told], queue=queue, expires=life.total_seconds(), retry=False)
    except (OperationalError, redis.exceptions.RedisError, OSError) as error:
        log.warning("doorbell_unheard", task=task, row=told, error=str(error))
        return False
    return True
