"""A person looks at the evidence and decides; the reason is kept for ever."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from journal.registry.history import note
from journal.registry.models import Decision, ModelVersion
from journal.registry.refusal import VersionRefused
from journal.registry.storage import forget_weights

Status = ModelVersion.Status
MAY_BECOME: Final = {
    Status.APPROVED: (Status.CANDIDATE,),
    Status.REJECTED: (Status.CANDIDATE, Status.APPROVED),
    Status.RETIRED: (Status.APPROVED, Status.REJECTED),
}
KINDS: Final = {
    Status.APPROVED: Decision.Kind.APPROVED,
    Status.REJECTED: Decision.Kind.REJECTED,
    Status.RETIRED: Decision.Kind.RETIRED,
}


def approve(version: ModelVersion, by: int, reason: str) -> None:
    """Say that a candidate may read people's faces. Raises ``VersionRefused``."""
    if settings.MODEL_TWO_PERSON_RULE and version.registered_by_id == by:
        raise VersionRefused(
            "two_persons", _("You brought this version in, so somebody else has to approve it: that is the rule here.")
        )
    _decide(version, Status.APPROVED, by, reason)


def reject(version: ModelVersion, by: int, reason: str) -> None:
    """Say that a version must not read anybody. Raises ``VersionRefused``."""
    _decide(version, Status.REJECTED, by, reason)


def retire(version: ModelVersion, by: int, reason: str) -> None:
    """Put a version away; its readings stay. Raises ``VersionRefused``."""
    _decide(version, Status.RETIRED, by, reason)


@transaction.atomic
def _decide(version: ModelVersion, status: ModelVersion.Status, by: int, reason: str) -> None:
    if not reason.strip():
        raise VersionRefused(
            "no_reason", _("Please write down why: whoever looks at this in a year will want to know.")
        )
    # Under the row's lock, which a switch takes too: nothing is rejected while it is being put in charge.
    row = ModelVersion.objects.select_for_update().get(pk=version.pk)
    if row.status not in MAY_BECOME[status]:
        raise VersionRefused(
            "wrong_state",
            _("%(name)s is %(state)s by now, so this can't be decided about it.")
            % {"name": row.name, "state": row.get_status_display().lower()},
        )
    if status != Status.APPROVED and row.aliases.exists():
        raise VersionRefused(
            "in_use",
            _("%(name)s is reading at this moment. Put another version in charge first, or end its trial.")
            % {"name": row.name},
        )
    ModelVersion.objects.filter(pk=row.pk).update(status=status)
    version.status = status
    note(row, KINDS[status], by, reason.strip())


@transaction.atomic
def delete(version: ModelVersion, by: int) -> None:
    """Delete a version that never read anybody; what was decided about it stays. Raises ``VersionRefused``."""
    if version.source == "shipped":
        raise VersionRefused("shipped", _("This version comes with the program and would be back at the next start."))
    note(version, Decision.Kind.DELETED, by)
    try:
        ModelVersion.objects.get(pk=version.pk).delete()
    except ProtectedError as error:
        raise VersionRefused(
            "has_readings",
            _("%(name)s has readings, or is in use. They name it, so it stays; you can retire it.")
            % {"name": version.name},
        ) from error
    transaction.on_commit(partial(forget_weights, version.sha256))
