from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from journal.accounts.models import User
from journal.snapshots.claim import End, claim, finish, give_up_or_retry, release_of, release_stale
from journal.snapshots.intake import take_in
from journal.snapshots.models import Snapshot
from tests.conftest import arrival

pytestmark = pytest.mark.django_db
Status = Snapshot.Status
READ = End(Status.DONE, "read", 1)


def test_only_one_worker_gets_a_row(queued: Snapshot) -> None:
    [mine] = claim(queued.pk)
    assert mine.attempts == 1
    assert claim(queued.pk) == []


def test_a_row_that_is_gone_is_nobodys(queued: Snapshot) -> None:
    pk = queued.pk
    queued.delete()
    assert claim(pk) == []


def test_a_finished_row_can_not_be_claimed_or_finished_again(queued: Snapshot) -> None:
    [claimed] = claim(queued.pk)
    assert finish([claimed], End(Status.NO_FACE, "no_face", 0)) == [claimed]
    assert claim(queued.pk) == []
    assert finish([claimed], READ) == []
    queued.refresh_from_db()
    assert queued.status == Status.NO_FACE


def grow_stale(snapshot: Snapshot, settings: Any) -> None:
    long_ago = timezone.now() - timedelta(seconds=settings.READING_STALE + 1)
    Snapshot.objects.filter(pk=snapshot.pk).update(claimed_at=long_ago)


def test_a_row_whose_worker_died_goes_back_and_the_ghost_can_not_finish_it(queued: Snapshot, settings: Any) -> None:
    [ghost] = claim(queued.pk)
    assert release_stale() == 0
    grow_stale(queued, settings)
    assert release_stale() == 1
    [successor] = claim(queued.pk)
    assert successor.attempts == 2
    assert finish([ghost], READ) == []
    assert finish([successor], READ) == [successor]


def test_of_several_those_end_whose_claim_was_not_lost(person: User, own_pictures: Path) -> None:
    for _each in range(3):
        take_in(person, arrival())
    first, second, third = claim(Snapshot.objects.order_by("received_at")[0].pk, most=3)
    Snapshot.objects.filter(pk=second.pk).update(attempts=2)
    Snapshot.objects.filter(pk=third.pk).update(status=Status.FAILED)
    assert finish([third, second, first], READ) == [first]
    rows = Snapshot.objects.in_bulk()
    assert [rows[one.pk].status for one in (first, second, third)] == [Status.DONE, Status.PROCESSING, Status.FAILED]


def test_after_enough_attempts_it_says_failed_and_forgets_the_picture(
    queued: Snapshot, settings: Any, own_pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    for _attempt in range(settings.READING_ATTEMPTS):
        assert claim(queued.pk)
        grow_stale(queued, settings)
        with django_capture_on_commit_callbacks(execute=True):
            release_stale()
    queued.refresh_from_db()
    assert (queued.status, queued.outcome, queued.picture) == (Status.FAILED, "worker_lost", "")
    assert claim(queued.pk) == []
    assert not list(own_pictures.glob("*/*.sealed"))


def test_a_crash_is_an_attempt(queued: Snapshot) -> None:
    [claimed] = claim(queued.pk)
    give_up_or_retry(claimed, "crashed")
    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == (Status.QUEUED, 1)


def test_a_worker_that_starts_again_lets_go_of_what_it_held(queued: Snapshot) -> None:
    assert claim(queued.pk, "inference@here")
    assert release_of("inference@there") == 0
    assert release_of("inference@here") == 1
    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == (Status.QUEUED, 1)


@pytest.fixture
def line(person: User) -> list[Snapshot]:
    """Five that wait; the first has waited longest."""
    rows = [take_in(person, arrival())[0] for _ in range(5)]
    now = timezone.now()
    for number, row in enumerate(rows):
        Snapshot.objects.filter(pk=row.pk).update(received_at=now - timedelta(minutes=5 - number))
    return rows


def test_with_the_rung_row_come_the_oldest_others(line: list[Snapshot]) -> None:
    assert claim(line[3].pk, most=3) == [line[3], line[0], line[1]]
    assert claim(line[4].pk, most=3) == [line[4], line[2]]


def test_a_bell_for_a_row_that_came_along_takes_nothing(line: list[Snapshot], django_assert_num_queries: Any) -> None:
    assert len(claim(line[0].pk, most=2)) == 2
    with django_assert_num_queries(1):
        assert claim(line[1].pk, most=2) == []
    assert Snapshot.objects.filter(status=Status.QUEUED).count() == 3


def test_a_batch_costs_no_more_queries_than_two(line: list[Snapshot], django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        assert len(claim(line[0].pk, most=2)) == 2
    with django_assert_max_num_queries(6):
        assert len(claim(line[2].pk, most=16)) == 3


def test_what_was_tried_before_is_read_alone(line: list[Snapshot]) -> None:
    """After the death of a worker each of its rows comes back alone, so that one of them can't take others along."""
    assert len(claim(line[0].pk, "inference@here", most=3)) == 3
    assert release_of("inference@here") == 3
    assert claim(line[0].pk, most=16) == [line[0]]
    assert claim(line[4].pk, most=16) == [line[4], line[3]]
    assert claim(line[1].pk, most=16) == [line[1]]
