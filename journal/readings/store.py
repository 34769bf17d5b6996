"""Analyses become readings and the ends of their snapshots, in one transaction; then the pictures go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.dispatch import Signal

from inference.types import Analysis, FaceReading, Mixture, Status
from journal.accounts.consent import decisions_of, hold_still
from journal.accounts.models import Purpose, User
from journal.readings import lending
from journal.readings.models import Reading
from journal.registry.models import ModelAlias, ModelVersion
from journal.snapshots import retention
from journal.snapshots.claim import End, finish
from journal.snapshots.models import Snapshot

WITH_READING = (Status.READ, Status.NO_CLEAR_READING)

# Sent with days, a set of them for each person, inside the transaction that stored a champion's readings for them.
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
    """Store what came of claimed snapshots, and lend a challenger its share of the pictures.

    Returns the stored ones. Left out is one whose claim was lost or that was discarded meanwhile, and all of a person
    who withdrew the consent meanwhile. Ten people's that end alike cost few more queries than one's.
    """
    people = {one.snapshot.user for one in looked}
    hold_still(*people)
    decided = decisions_of(people)
    ends: defaultdict[End, list[Looked]] = defaultdict(list)
    lent: list[tuple[Looked, ModelAlias, bool]] = []
    for one in looked:
        allowed = decided[one.snapshot.user]
        if allowed.withdrawn(Purpose.CAMERA):
            retention.discard(one.snapshot)
            continue
        kept = allowed.holds(Purpose.KEEP_PICTURES)
        borrower = trial if trial and allowed.holds(Purpose.TRIAL) and _is_lent(one, trial) else None
        ends[_end(one.analysis, version, forget=not (kept or borrower))].append(one)
        if borrower:
            lent.append((one, borrower, kept))
    stored = {snapshot for end, group in ends.items() for snapshot in finish([one.snapshot for one in group], end)}
    for one, borrower, kept in lent:
        if one.snapshot in stored:
            lending.lend(one.snapshot, borrower, kept)
    _save_readings([one for one in looked if one.snapshot in stored], version)
    return [one.snapshot for one in looked if one.snapshot in stored]


def _is_lent(one: Looked, trial: ModelAlias) -> bool:
    return one.analysis.status in WITH_READING and lending.drawn(one.snapshot, trial)


def _end(analysis: Analysis, version: ModelVersion, forget: bool) -> End:
    """A picture that can't be opened is forgotten in any case: it isn't worth keeping."""
    forget = forget or analysis.status is Status.BAD_IMAGE
    return End(_row_status(analysis.status), analysis.status.value, len(analysis.faces), version, forget)


def _save_readings(looked: Iterable[Looked], version: ModelVersion) -> None:
    """In one query and without the signals of single rows: a day is computed once, however many readings it got."""
    new = [one for one in looked if one.analysis.status in WITH_READING]
    if new:
        champion = Reading.Role.CHAMPION
        Reading.objects.bulk_create(
            [reading(one.snapshot, one.analysis, version, champion, one.milliseconds) for one in new]
        )
        days: defaultdict[User, set[date]] = defaultdict(set)
        for one in new:
            days[one.snapshot.user].add(one.snapshot.local_date)
        readings_stored.send(Reading, days=dict(days))


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
