"""An analysis becomes a reading and the end of its snapshot, in one transaction; then the picture goes."""

from __future__ import annotations

from django.db import transaction

from inference.types import Analysis, FaceReading, Mixture, Status
from journal.accounts.consent import hold_still, holds, withdrawn
from journal.accounts.models import Purpose
from journal.readings import lending
from journal.readings.models import Reading
from journal.registry.models import ModelVersion
from journal.snapshots import retention
from journal.snapshots.claim import finish
from journal.snapshots.models import Snapshot

WITH_READING = (Status.READ, Status.NO_CLEAR_READING)


@transaction.atomic
def store(snapshot: Snapshot, analysis: Analysis, version: ModelVersion, milliseconds: float | None = None) -> bool:
    """Store what came of a claimed snapshot; False if the claim was lost, or the snapshot discarded or the consent
    withdrawn meanwhile.
    """
    hold_still(snapshot.user)
    if withdrawn(snapshot.user, Purpose.CAMERA):
        retention.discard(snapshot)
        return False
    if not finish(snapshot, _row_status(analysis.status), analysis.status.value, len(analysis.faces), version):
        return False
    save_reading(snapshot, analysis, version, Reading.Role.CHAMPION, milliseconds)
    kept = holds(snapshot.user, Purpose.KEEP_PICTURES)
    lent = analysis.status in WITH_READING and lending.lend(snapshot, version, kept)
    if not lent and (analysis.status is Status.BAD_IMAGE or not kept):
        retention.forget_picture(snapshot)
    return True


def save_reading(
    snapshot: Snapshot, analysis: Analysis, version: ModelVersion, role: Reading.Role, milliseconds: float | None
) -> None:
    """Save the largest face's mixture, if there is one."""
    if analysis.status in WITH_READING:
        largest = analysis.faces[0]
        assert largest.mixture is not None
        reading = _reading(snapshot, analysis, largest, largest.mixture, version)
        reading.role, reading.milliseconds = role, milliseconds
        reading.save(force_insert=True)


def _row_status(status: Status) -> Snapshot.Status:
    if status in WITH_READING:
        return Snapshot.Status.DONE
    return Snapshot.Status.FAILED if status is Status.BAD_IMAGE else Snapshot.Status.NO_FACE


def _reading(
    snapshot: Snapshot, analysis: Analysis, largest: FaceReading, mixture: Mixture, version: ModelVersion
) -> Reading:
    left, top, right, bottom = largest.face.box
    return Reading(
        snapshot=snapshot,
        version=version,
        **mixture.by_name(),
        present=list(mixture.present),
        box_left=_share(left, analysis.width),
        box_top=_share(top, analysis.height),
        box_right=_share(right, analysis.width),
        box_bottom=_share(bottom, analysis.height),
        score=largest.face.score,
    )


def _share(pixels: float, of: int) -> float:
    """Boxes may reach a little outside the picture; a share never does."""
    return min(max(pixels / of, 0.0), 1.0)
