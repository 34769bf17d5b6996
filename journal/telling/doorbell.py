"""The doorbell: tell a worker, by task name, that a delivery waits. Losing a message of the broker loses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from journal.doorbell import ring
from journal.telling.models import Delivery

TASK: Final = "journal.telling.tasks.deliver"
QUEUE: Final = "telling"
# A row waits this long before its bell is rung again, and a ring that waited longer is worth nothing.
PATIENCE: Final = timedelta(seconds=30)
RING_LIFE: Final = timedelta(seconds=60)
AT_ONCE: Final = 500


def ring_on_commit(rows: Sequence[Delivery]) -> None:
    """Ring for new rows once they are there for everyone to see; those that wait for a later hour are left to beat."""
    now = timezone.now()
    due = [row.pk for row in rows if row.not_before <= now]
    if due:
        transaction.on_commit(partial(_ring_all, due))


def ring_again() -> int:
    """Ring for rows whose time has come, the longest waiting first; return how many bells were heard."""
    now = timezone.now()
    late = waiting(now).exclude(rung_at__gt=now - PATIENCE).order_by("not_before")
    return _ring_all(list(late.values_list("pk", flat=True)[:AT_ONCE]))


def waiting(now: datetime) -> QuerySet[Delivery]:
    """Rows that may be sent now."""
    return Delivery.objects.filter(state=Delivery.State.QUEUED, not_before__lte=now)


def _ring_all(rows: list[UUID]) -> int:
    first = rows[:AT_ONCE]  # the rest hears it from ring_again, so that a queue stays short
    Delivery.objects.filter(pk__in=first).update(rung_at=timezone.now())
    return sum(_ring(pk) for pk in first)


def _ring(pk: UUID) -> bool:
    return ring(TASK, QUEUE, pk, RING_LIFE)
