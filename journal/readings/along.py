"""The challenger reads along: what it reads is kept beside the champion's reading, and shown to nobody."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import structlog
from django.db import transaction
from django.utils import timezone

from inference.bundle import BundleError
from inference.types import Analysis
from journal.accounts.consent import hold_still, holds, withdrawn
from journal.accounts.models import Purpose
from journal.accounts.seal import SealBroken
from journal.readings import lending
from journal.readings.models import Reading, TrialReading
from journal.readings.store import WITH_READING, reading
from journal.registry.models import ModelVersion
from journal.snapshots import pictures
from journal.snapshots.models import Snapshot
from journal.snapshots.retention import UNFINISHED

if TYPE_CHECKING:
    from journal.readings.engine import Engine

Status = TrialReading.Status
PAUSE: Final = 0.1  # seconds
log = structlog.get_logger(__name__)


def read_along(pk: int, engine_of: Callable[[ModelVersion], Engine]) -> None:
    """Read one snapshot with the challenger, if that is still due; there is one attempt."""
    _step_aside(pk)
    trial = lending.claim(pk)
    if trial is None:
        return
    snapshot = trial.snapshot
    try:
        jpeg = pictures.look(snapshot.user, str(snapshot.pk), trial.picture or snapshot.picture)
        analysis, milliseconds = engine_of(trial.version).look(jpeg)
    except (SealBroken, OSError):
        lending.end(trial, Status.FAILED, "picture_lost")
    except BundleError as error:
        log.error("challenger_not_loaded", model=trial.version.name, reason=str(error))
        lending.end(trial, Status.FAILED, "not_loaded")
    except Exception:  # the one boundary: whatever a picture breaks becomes a counted failure
        log.exception("trial_crashed", trial=trial.pk)
        lending.end(trial, Status.FAILED, "crashed")
    else:
        _store(trial, analysis, milliseconds)


def _step_aside(pk: int) -> None:
    """Wait as long as anybody's snapshot waits or is being read: this process has nothing else to do."""
    due = TrialReading.objects.filter(pk=pk, status=Status.DUE)
    while Snapshot.objects.filter(status__in=UNFINISHED).exists() and due.filter(ends_at__gt=timezone.now()).exists():
        time.sleep(PAUSE)


@transaction.atomic
def _store(trial: TrialReading, analysis: Analysis, milliseconds: float) -> None:
    user = trial.snapshot.user
    hold_still(user)
    if withdrawn(user, Purpose.CAMERA) or not holds(user, Purpose.TRIAL):
        lending.end(trial, Status.LAPSED, "consent")
    elif lending.end(trial, Status.DONE, analysis.status.value) and analysis.status in WITH_READING:
        reading(trial.snapshot, analysis, trial.version, Reading.Role.SHADOW, milliseconds).save(force_insert=True)
