from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from journal.snapshots.claim import claim, finish, give_up_or_retry, release_of, release_stale
from journal.snapshots.models import Snapshot

pytestmark = pytest.mark.django_db
Status = Snapshot.Status


def test_only_one_worker_gets_a_row(queued: Snapshot) -> None:
    first, second = claim(queued.pk), claim(queued.pk)
    assert first is not None
    assert first.attempts == 1
    assert second is None


def test_a_row_that_is_gone_is_nobodys(queued: Snapshot) -> None:
    pk = queued.pk
    queued.delete()
    assert claim(pk) is None


def test_a_finished_row_can_not_be_claimed_or_finished_again(queued: Snapshot) -> None:
    claimed = claim(queued.pk)
    assert claimed is not None
    assert finish(claimed, Status.NO_FACE, "no_face", 0)
    assert claim(queued.pk) is None
    assert not finish(claimed, Status.DONE, "read", 1)
    queued.refresh_from_db()
    assert queued.status == Status.NO_FACE


def grow_stale(snapshot: Snapshot, settings: Any) -> None:
    long_ago = timezone.now() - timedelta(seconds=settings.READING_STALE + 1)
    Snapshot.objects.filter(pk=snapshot.pk).update(claimed_at=long_ago)


def test_a_row_whose_worker_died_goes_back_and_the_ghost_can_not_finish_it(queued: Snapshot, settings: Any) -> None:
    ghost = claim(queued.pk)
    assert ghost is not None
    assert release_stale() == 0
    grow_stale(queued, settings)
    assert release_stale() == 1
    successor = claim(queued.pk)
    assert successor is not None
    assert successor.attempts == 2
    assert not finish(ghost, Status.DONE, "read", 1)
    assert finish(successor, Status.DONE, "read", 1)


def test_after_enough_attempts_it_says_failed_and_forgets_the_picture(
    queued: Snapshot, settings: Any, own_pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    for _attempt in range(settings.READING_ATTEMPTS):
        assert claim(queued.pk) is not None
        grow_stale(queued, settings)
        with django_capture_on_commit_callbacks(execute=True):
            release_stale()
    queued.refresh_from_db()
    assert (queued.status, queued.outcome, queued.picture) == (Status.FAILED, "worker_lost", "")
    assert claim(queued.pk) is None
    assert not list(own_pictures.glob("*/*.sealed"))


def test_a_crash_is_an_attempt(queued: Snapshot) -> None:
    claimed = claim(queued.pk)
    assert claimed is not None
    give_up_or_retry(claimed, "crashed")
    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == (Status.QUEUED, 1)


def test_a_worker_that_starts_again_lets_go_of_what_it_held(queued: Snapshot) -> None:
    assert claim(queued.pk, "inference@here") is not None
    assert release_of("inference@there") == 0
    assert release_of("inference@here") == 1
    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == (Status.QUEUED, 1)
