"""The check between being taken in and being a candidate: begun and ended by a worker that reads with the version."""

from __future__ import annotations

from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from journal.registry.history import note
from journal.registry.models import Decision, ModelVersion

Status = ModelVersion.Status
MOST_ATTEMPTS: Final = 3
log = structlog.get_logger(__name__)


def begin(pk: int) -> ModelVersion | None:
    """Count an attempt on a version that waits for its check; None if it's gone, checked, or has had enough of them."""
    waiting = ModelVersion.objects.filter(pk=pk, status=Status.CHECKING)
    if waiting.filter(attempts__lt=MOST_ATTEMPTS).update(attempts=F("attempts") + 1):
        return waiting.first()
    if version := waiting.first():
        # Each attempt was counted before it ended the worker.
        fail(version, _("No worker survived reading with it."))
    return None


def postpone(version: ModelVersion) -> None:
    """Take an attempt back that never came to reading; the bell rings again in a while."""
    ModelVersion.objects.filter(pk=version.pk, status=Status.CHECKING).update(attempts=F("attempts") - 1)


@transaction.atomic
def passed(version: ModelVersion, smoke: dict[str, Any]) -> bool:
    """Make a checked version a candidate; False if somebody else has ended its check."""
    waiting = ModelVersion.objects.filter(pk=version.pk, status=Status.CHECKING)
    if not waiting.update(status=Status.CANDIDATE, smoke=smoke):
        return False
    note(version, Decision.Kind.CHECKED)
    log.info("version_checked", version=version.name, **smoke)
    return True


@transaction.atomic
def fail(version: ModelVersion, reason: str) -> bool:
    """Reject a version that can't read; False if somebody else has ended its check."""
    if not ModelVersion.objects.filter(pk=version.pk, status=Status.CHECKING).update(status=Status.REJECTED):
        return False
    note(version, Decision.Kind.FAILED_CHECK, reason=reason)
    log.warning("version_failed_check", version=version.name, reason=reason)
    return True
