from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from journal.accounts.consent import decide
from journal.accounts.models import Purpose, User
from journal.snapshots import retention
from journal.snapshots.models import Snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(person: User) -> User:
    """Whoever lives here owns the place; the mark beside the pictures names the owner."""
    User.objects.filter(pk=person.pk).update(is_owner=True)
    return person


def files(folder: Path) -> list[Path]:
    return list(folder.glob("*/*"))


def test_withdrawing_camera_reading_stops_what_waits(
    person: User, queued: Snapshot, own_pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        decide(person, Purpose.CAMERA, granted=False)
    assert not Snapshot.objects.exists()
    assert not files(own_pictures)


def test_withdrawing_kept_pictures_deletes_them_but_not_what_waits(
    person: User, queued: Snapshot, own_pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    decide(person, Purpose.KEEP_PICTURES, granted=True)
    with django_capture_on_commit_callbacks(execute=True):
        decide(person, Purpose.KEEP_PICTURES, granted=False)
    assert len(files(own_pictures)) == 1
    Snapshot.objects.update(status=Snapshot.Status.DONE)
    decide(person, Purpose.KEEP_PICTURES, granted=True)
    with django_capture_on_commit_callbacks(execute=True):
        decide(person, Purpose.KEEP_PICTURES, granted=False)
    assert not files(own_pictures)
    queued.refresh_from_db()
    assert queued.picture == ""


def test_discarding_leaves_nothing(
    queued: Snapshot, own_pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        retention.discard(queued)
    assert not Snapshot.objects.exists()
    assert not files(own_pictures)


def test_strays_are_swept_and_owned_or_young_files_stay(owner: User, queued: Snapshot, own_pictures: Path) -> None:
    old_stray, young_stray = own_pictures / "aa" / "old.sealed", own_pictures / "aa" / "young.sealed"
    old_stray.parent.mkdir(exist_ok=True)
    for file in (old_stray, young_stray):
        file.write_bytes(b"?")
    for file in (old_stray, own_pictures / queued.picture):
        os.utime(file, (1, 1))
    assert retention.forget_strays() == 1
    assert {file.name for file in files(own_pictures)} == {"young.sealed", Path(queued.picture).name}


def test_nothing_is_swept_where_the_files_belong_to_another_database(owner: User, own_pictures: Path) -> None:
    stray = own_pictures / "aa" / "old.sealed"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"?")
    os.utime(stray, (1, 1))
    (own_pictures / ".database").write_text("somebody else's")
    assert retention.forget_strays() == 0
    assert stray.exists()


def test_a_file_forgotten_during_the_sweep_does_not_stop_it(owner: User, own_pictures: Path) -> None:
    folder = own_pictures / "aa"
    folder.mkdir(parents=True)
    (folder / "gone.sealed").symlink_to(folder / "nowhere")  # listed, and gone when looked at
    (folder / "old.sealed").write_bytes(b"?")
    os.utime(folder / "old.sealed", (1, 1))
    assert retention.forget_strays() == 1
