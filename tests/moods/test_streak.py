from __future__ import annotations

from datetime import date, timedelta

import pytest

from journal.accounts.models import User
from journal.moods.streak import Run, run, run_of
from tests.moods.test_rollup import check_in

TODAY = date(2026, 11, 16)


def days(*ago: int) -> list[date]:
    return [TODAY - timedelta(days=number) for number in ago]


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        (days(), None),
        (days(0), None),  # one day is no run
        (days(0, 1, 2), Run(3, 3)),
        (days(1, 2), Run(2, 2)),  # today may still come
        (days(0, 3), Run(2, 4)),  # two days missed
        (days(0, 4), None),  # three were
        (days(0, 1, 5, 6), Run(2, 2)),
        (days(3, 4, 5), Run(3, 5)),  # two missed until today, whose own day goes on
        (days(4, 5, 6), None),
        (days(-1, 0, 1), Run(2, 2)),  # a day ahead, on a journey
        (days(0, 0, 1), Run(2, 2)),
    ],
)
def test_a_run_forgives_a_day_or_two(kept: list[date], expected: Run | None) -> None:
    assert run(kept, TODAY) == expected


@pytest.mark.django_db
def test_nobody_sees_a_run_who_did_not_ask(person: User) -> None:
    for ago in range(3):
        check_in(person, TODAY - timedelta(days=ago), valence=0.1)
    assert run_of(person, TODAY) is None
    person.profile.show_run = True
    assert run_of(person, TODAY) == Run(3, 3)
