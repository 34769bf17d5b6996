from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from journal.snapshots.claim import claim
from journal.snapshots.models import Snapshot

WORKERS = 6


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_exactly_one_wins(queued: Snapshot) -> None:
    together = Barrier(WORKERS)

    def grab(_number: int) -> bool:
        together.wait()
        try:
            return claim(queued.pk) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        wins = list(pool.map(grab, range(WORKERS)))
    assert sum(wins) == 1
    queued.refresh_from_db()
    assert queued.attempts == 1
