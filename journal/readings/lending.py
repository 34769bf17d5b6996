"""The picture of a snapshot on trial: lent when the champion has read it, and back in nothing within ten minutes."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.dispatch import receiver
from django.utils import timezone

from journal.accounts.consent import consent_changed
from journal.accounts.models import Purpose, User
from journal.doorbell import ring
from journal.readings.models import TrialReading
from journal.registry.models import ModelAlias, ModelVersion
from journal.registry.trial import challenger
from journal.snapshots import pictures
from journal.snapshots.models import Snapshot

TASK: Final = "journal.readings.tasks.read_along"
# A sweep comes every 15 seconds, so that ten minutes is what a person can be promised.
LENT_FOR: Final = timedelta(minutes=9)
PATIENCE: Final = timedelta(seconds=30)
OPEN: Final = (TrialReading.Status.DUE, TrialReading.Status.READING)
log = structlog.get_logger(__name__)


def beside(version: ModelVersion) -> ModelAlias | None:
    """Who is on trial beside a version that reads, if anybody is."""
    alias = challenger()
    return alias if alias and alias.version_id != version.pk else None


def drawn(snapshot: Snapshot, trial: ModelAlias) -> bool:
    """Whether the lot falls on a snapshot: its random id, so that a second look at the same one falls out the same."""
    return (snapshot.pk.int >> 64) % 10_000 < trial.share * 10_000


def lend(snapshot: Snapshot, trial: ModelAlias, kept: bool) -> None:
    """Ask the challenger to read a snapshot too.

    Then the snapshot has no picture any more, and the file goes with the trial. The picture of a person who keeps
    theirs (``kept``) stays where it is.
    """
    now = timezone.now()
    row = TrialReading.objects.create(
        snapshot=snapshot, version=trial.version, picture="" if kept else snapshot.picture,
        asked_at=now, rung_at=now, ends_at=now + LENT_FOR,
    )  # fmt: skip
    transaction.on_commit(partial(_ring, row.pk))
    if not kept:
        Snapshot.objects.filter(pk=snapshot.pk).update(picture="")


def claim(pk: int) -> TrialReading | None:
    """Take a trial that is due, or None if it's gone, taken or over."""
    mine = TrialReading.objects.filter(pk=pk)
    due = mine.filter(status=TrialReading.Status.DUE, ends_at__gt=timezone.now())
    if not due.update(status=TrialReading.Status.READING):
        return None
    return mine.select_related("version", "snapshot__user").first()


def end(trial: TrialReading, status: TrialReading.Status, outcome: str = "") -> bool:
    """End a trial that is open and forget its picture; False if it has ended already."""
    if not TrialReading.objects.filter(pk=trial.pk, status__in=OPEN).update(status=status, outcome=outcome):
        return False
    transaction.on_commit(lambda: _forget(trial), robust=True)
    return True


def end_overdue() -> int:
    """End what is overdue, forget every picture that a trial no longer needs, and ring again for the rest."""
    now = timezone.now()
    overdue = TrialReading.objects.filter(status__in=OPEN, ends_at__lte=now)
    ended = _lapse(overdue, "overdue")
    # A worker may have died between the end of a trial and the end of its picture.
    for trial in TrialReading.objects.exclude(picture="").filter(~Q(status__in=OPEN) | Q(ends_at__lte=now)):
        _forget(trial)
    late = TrialReading.objects.filter(status=TrialReading.Status.DUE, rung_at__lte=now - PATIENCE)
    rows = list(late.values_list("pk", flat=True)[:100])
    TrialReading.objects.filter(pk__in=rows).update(rung_at=now)
    for pk in rows:
        _ring(pk)
    return ended


@receiver(consent_changed)
def obey(sender: Any, user: User, purpose: str, granted: bool, **kwargs: Any) -> None:
    """Whoever takes the consent back has no picture lent from that moment on."""
    if not granted and purpose in (Purpose.TRIAL, Purpose.CAMERA):
        _lapse(TrialReading.objects.filter(snapshot__user=user, status__in=OPEN), "consent")


def _lapse(trials: QuerySet[TrialReading], outcome: str) -> int:
    return sum(end(trial, TrialReading.Status.LAPSED, outcome) for trial in list(trials))


def _forget(trial: TrialReading) -> None:
    """The file first: if we die between, the row still says that there is one."""
    pictures.forget(trial.picture)
    TrialReading.objects.filter(pk=trial.pk).update(picture="")


def _ring(pk: int) -> bool:
    return ring(TASK, "shadow", pk, LENT_FOR)
