"""Analyses become readings and the ends of their snapshots, in one transaction a person; then the pictures go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.dispatch import Signal

from inference.types import Analysis, FaceReading, Mixture, Status
from journal.accounts.consent import decisions, hold_still
from journal.accounts.models import Purpose
from journal.readings import lending
from journal.readings.models import Reading
from journal.registry.models import ModelAlias, ModelVersion
from journal.snapshots import retention
from journal.snapshots.claim import finish
from journal.snapshots.models import Snapshot

WITH_READING = (Status.READ, Status.NO_CLEAR_READING)

# Sent with user and days, inside the transaction that stored a champion's readings for these days.
readings_stored = Signal()


@dataclass(frozen=True, slots=True)
class Looked:
    """A claimed snapshot, what its picture showed, and the milliseconds that it took."""

    snapshot: Snapshot
    analysis: Analysis
    milliseconds: float | None = None


def store(snapshot: Snapshot, analysis: Analysis, version: ModelVersion, milliseconds: float | None = None) -> bool:
    """Store what came of one claimed snapshot; False where ``store_all`` leaves it out."""
    return bool(store_all([Looked(snapshot, analysis, milliseconds)], version, lending.beside(version)))


@transaction.atomic
def store_all(looked: Sequence[Looked], version: ModelVersion, trial: ModelAlias | None) -> list[Snapshot]:
    """Store what came of one person's claimed snapshots, and lend a challenger its share of the pictures.

    Returns the stored ones. Left out is one whose claim was lost or that was discarded meanwhile, and all of them where
    the consent was withdrawn meanwhile.
    """
    user = looked[0].snapshot.user
    hold_still(user)
    decided = decisions(user)
    if decided.withdrawn(Purpose.CAMERA):
        for one in looked:
            retention.discard(one.snapshot)
        return []
    kept = decided.holds(Purpose.KEEP_PICTURES)
    trial = trial if decided.holds(Purpose.TRIAL) else None
    held = [one for one in looked if _end(one, version, trial, kept)]
    _save_readings(held, version)
    return [one.snapshot for one in held]


def _end(one: Looked, version: ModelVersion, trial: ModelAlias | None, kept: bool) -> bool:
    """Finish a snapshot; its picture is forgotten unless the person keeps theirs or it is lent. False: claim lost."""
    analysis, snapshot = one.analysis, one.snapshot
    readable = analysis.status in WITH_READING
    lent = trial if trial and readable and lending.drawn(snapshot, trial) else None
    forget = analysis.status is Status.BAD_IMAGE or not (kept or lent)
    status = _row_status(analysis.status)
    if not finish(snapshot, status, analysis.status.value, len(analysis.faces), version, forget):
        return False
    if lent:
        lending.lend(snapshot, lent, kept)
    return True


def _save_readings(looked: Iterable[Looked], version: ModelVersion) -> None:
    """In one query and without the signals of single rows: a day is computed once, however many readings it got."""
    new = [one for one in looked if one.analysis.status in WITH_READING]
    if new:
        champion = Reading.Role.CHAMPION
        Reading.objects.bulk_create(
            [reading(one.snapshot, one.analysis, version, champion, one.milliseconds) for one in new]
        )
        days = {one.snapshot.local_date for one in new}
        readings_stored.send(Reading, user=new[0].snapshot.user, days=days)


def _row_status(status: Status) -> Snapshot.Status:
    if status in WITH_READING:
        return Snapshot.Status.DONE
    return Snapshot.Status.FAILED if status is Status.BAD_IMAGE else Snapshot.Status.NO_FACE


def reading(
    snapshot: Snapshot, analysis: Analysis, version: ModelVersion, role: Reading.Role, milliseconds: float | None
) -> Reading:
    """The row, not saved yet, of the largest face of an analysis that has a mixture."""
    largest = analysis.faces[0]
    assert largest.mixture is not None
    row = _reading(snapshot, analysis, largest, largest.mixture, version)
    row.role, row.milliseconds = role, milliseconds
    return row


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
