from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from journal.accounts.models import User
from journal.snapshots.claim import claim
from journal.snapshots.intake import take_in
from journal.snapshots.models import Snapshot
from tests.conftest import arrival

WORKERS = 6


def all_at_once(rung: list[UUID], most: int = 1) -> list[list[Snapshot]]:
    """What as many workers as there are bells got."""
    together = Barrier(len(rung))

    def grab(pk: UUID) -> list[Snapshot]:
        together.wait()
        try:
            return claim(pk, most=most)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(rung)) as pool:
        return list(pool.map(grab, rung))


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_exactly_one_wins(queued: Snapshot) -> None:
    assert sorted(map(len, all_at_once([queued.pk] * WORKERS))) == [0] * (WORKERS - 1) + [1]
    queued.refresh_from_db()
    assert queued.attempts == 1


@pytest.mark.django_db(transaction=True)
def test_batches_that_are_claimed_at_once_share_no_row(person: User) -> None:
    rows = [take_in(person, arrival())[0].pk for _ in range(5 * WORKERS)]
    got = [all_at_once([*rows[start : start + 3]] * 2, most=4) for start in range(0, len(rows), 3)]
    claimed = Counter(snapshot.pk for batches in got for batch in batches for snapshot in batch)
    assert set(claimed.values()) == {1}
    assert set(claimed) == set(rows)
    assert set(Snapshot.objects.values_list("status", "attempts")) == {(Snapshot.Status.PROCESSING, 1)}
