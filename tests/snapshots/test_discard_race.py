"""Discarding while a worker stores: whoever comes second waits, and nothing is left."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from journal.accounts.consent import decide
from journal.accounts.models import Purpose, User
from journal.readings.models import Reading
from journal.readings.store import store
from journal.registry.models import ModelVersion
from journal.snapshots.claim import claim
from journal.snapshots.models import Snapshot
from journal.snapshots.retention import discard
from tests.readings.test_store import TWO_FACES


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["discard", "withdraw"])
def test_what_is_being_stored_is_deleted_too(queued: Snapshot, person: User, version: ModelVersion, way: str) -> None:
    [claimed] = claim(queued.pk)
    stored = threading.Event()

    def worker() -> None:
        try:
            with transaction.atomic():
                assert store(claimed, TWO_FACES, version)
                stored.set()
                threading.Event().wait(0.5)  # the other one arrives before the commit
        finally:
            connection.close()

    def visitor() -> None:
        try:
            assert stored.wait(10)
            if way == "discard":
                discard(queued)
            else:
                decide(person, Purpose.CAMERA, granted=False)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(worker), pool.submit(visitor)]:
            done.result(timeout=30)
    if way == "discard":
        assert not Snapshot.objects.exists()
        assert not Reading.objects.exists()
    else:
        # What was read before the withdrawal stays the person's own; nothing waits any more.
        assert [s.status for s in Snapshot.objects.all()] == [Snapshot.Status.DONE]
