from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from journal.accounts.models import User
from journal.snapshots import doorbell
from journal.snapshots.intake import take_in
from journal.snapshots.models import Snapshot
from tests.conftest import arrival

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []

    def hear(pk: object) -> bool:
        heard.append(str(pk))
        return True

    monkeypatch.setattr(doorbell, "_ring", hear)
    return heard


def test_a_fresh_row_is_not_rung_again(queued: Snapshot, rung: list[str]) -> None:
    assert doorbell.ring_again() == 0


def test_a_row_that_waited_is_rung_once_a_while(queued: Snapshot, rung: list[str]) -> None:
    late = timezone.now() - 2 * doorbell.PATIENCE
    Snapshot.objects.filter(pk=queued.pk).update(rung_at=late)
    assert doorbell.ring_again() == 1
    assert doorbell.ring_again() == 0
    assert rung == [str(queued.pk)]


def test_a_released_row_is_rung_at_the_next_chance(queued: Snapshot, rung: list[str]) -> None:
    Snapshot.objects.filter(pk=queued.pk).update(rung_at=None)
    assert doorbell.ring_again() == 1


def test_the_oldest_come_first(person: User, rung: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "AT_ONCE", 2)
    rows = [take_in(person, arrival())[0] for _ in range(3)]
    now = timezone.now()
    for age, row in enumerate(rows):
        received = now - timedelta(minutes=age)
        Snapshot.objects.filter(pk=row.pk).update(received_at=received, rung_at=None)
    doorbell.ring_again()
    assert rung == [str(rows[2].pk), str(rows[1].pk)]
