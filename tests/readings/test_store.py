from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inference.emotions import EMOTIONS
from inference.types import Analysis, Face, FaceReading, Mixture, Status
from journal.accounts.consent import decide
from journal.accounts.models import Consent, Purpose, User
from journal.readings.models import Reading
from journal.readings.store import store
from journal.registry.models import ModelVersion
from journal.snapshots.claim import claim
from journal.snapshots.models import Snapshot

pytestmark = pytest.mark.django_db
POINTS = ((1.0, 1.0),) * 5
LARGE = FaceReading(
    Face((-8.0, 24.0, 64.0, 120.0), 0.99, POINTS), Mixture((0.1, 0.6, 0.2, 0, 0, 0, 0.05, 0.05), ("happiness",))
)
SMALL = FaceReading(Face((0, 0, 10, 10), 0.9, POINTS), None)
TWO_FACES = Analysis(Status.READ, (LARGE, SMALL), 320, 240)


@pytest.fixture
def claimed(queued: Snapshot) -> Snapshot:
    [snapshot] = claim(queued.pk)
    return snapshot


def test_the_largest_face_alone_is_stored(claimed: Snapshot, version: ModelVersion) -> None:
    assert store(claimed, TWO_FACES, version)
    claimed.refresh_from_db()
    reading = Reading.objects.get()
    assert (claimed.status, claimed.outcome, claimed.faces) == (Snapshot.Status.DONE, "read", 2)
    assert reading.mixture == LARGE.mixture
    assert [getattr(reading, emotion) for emotion in EMOTIONS] == [0.1, 0.6, 0.2, 0, 0, 0, 0.05, 0.05]
    box = (reading.box_left, reading.box_top, reading.box_right, reading.box_bottom)
    assert box == (0.0, 0.1, 0.2, 0.5)
    assert (reading.version, reading.role) == (version, Reading.Role.CHAMPION)


def test_the_picture_is_forgotten(
    claimed: Snapshot, version: ModelVersion, own_pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        store(claimed, TWO_FACES, version)
    claimed.refresh_from_db()
    assert claimed.picture == ""
    assert not list(own_pictures.glob("*/*"))


def test_the_picture_stays_for_those_who_asked(
    person: User,
    claimed: Snapshot,
    version: ModelVersion,
    own_pictures: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    decide(person, Purpose.KEEP_PICTURES, granted=True)
    with django_capture_on_commit_callbacks(execute=True):
        store(claimed, TWO_FACES, version)
    claimed.refresh_from_db()
    assert (own_pictures / claimed.picture).is_file()


@pytest.mark.parametrize("status", [Status.NO_FACE, Status.TOO_DARK, Status.TOO_SMALL, Status.BLURRED])
def test_without_a_fair_look_there_is_no_reading(claimed: Snapshot, version: ModelVersion, status: Status) -> None:
    store(claimed, Analysis(status, (), 320, 240), version)
    claimed.refresh_from_db()
    assert (claimed.status, claimed.outcome) == (Snapshot.Status.NO_FACE, status.value)
    assert not Reading.objects.exists()


def test_no_clear_reading_keeps_the_numbers_and_names_nothing(claimed: Snapshot, version: ModelVersion) -> None:
    unclear = FaceReading(LARGE.face, Mixture((0.2,) * 4 + (0.05,) * 4, ()))
    store(claimed, Analysis(Status.NO_CLEAR_READING, (unclear,), 320, 240), version)
    claimed.refresh_from_db()
    assert (claimed.status, claimed.outcome) == (Snapshot.Status.DONE, "no_clear_reading")
    assert Reading.objects.get().present == []


def test_a_message_that_comes_twice_stores_once(claimed: Snapshot, version: ModelVersion) -> None:
    assert store(claimed, TWO_FACES, version)
    assert not store(claimed, TWO_FACES, version)
    assert Reading.objects.count() == 1


def test_a_snapshot_discarded_meanwhile_stays_gone(claimed: Snapshot, version: ModelVersion) -> None:
    Snapshot.objects.all().delete()
    assert not store(claimed, TWO_FACES, version)
    assert not Reading.objects.exists()


def test_a_consent_withdrawn_meanwhile_leaves_nothing(
    person: User, claimed: Snapshot, version: ModelVersion, own_pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """Without the signal, as if the withdrawal had been stored a moment before it could see the row."""
    Consent.objects.create(user=person, purpose=Purpose.CAMERA, granted=False, text_version="2026-11")
    with django_capture_on_commit_callbacks(execute=True):
        assert not store(claimed, TWO_FACES, version)
    assert not Snapshot.objects.exists()
    assert not Reading.objects.exists()
    assert not list(own_pictures.glob("*/*"))


def test_a_picture_that_can_not_be_opened_is_not_kept_for_anybody(
    person: User, claimed: Snapshot, version: ModelVersion, own_pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    decide(person, Purpose.KEEP_PICTURES, granted=True)
    with django_capture_on_commit_callbacks(execute=True):
        store(claimed, Analysis(Status.BAD_IMAGE), version)
    claimed.refresh_from_db()
    assert (claimed.status, claimed.picture) == (Snapshot.Status.FAILED, "")
    assert not list(own_pictures.glob("*/*"))
