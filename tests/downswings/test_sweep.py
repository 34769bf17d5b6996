"""The nightly sweep does what following each person alone would do, for many at once and in few queries."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from journal.accounts.models import User
from journal.accounts.people import create_person
from journal.downswings.days import points_of
from journal.downswings.models import Downswing, Sensitivity, Watch
from journal.downswings.stretches import stretches
from journal.downswings.sweep import changed, due, sweep
from journal.downswings.watch import follow
from journal.moods.models import DailyMood
from journal.registry.models import ModelVersion
from tests.downswings.lives import TODAY, turn_clock

pytestmark = pytest.mark.django_db
NOW = datetime.combine(TODAY, time(12), UTC)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    turn_clock(monkeypatch)


def watched(name: str, zone: str = "UTC", **choices: Any) -> User:
    user = User.objects.create_user(name)
    user.profile.zone = zone
    user.profile.save()
    Watch.objects.create(user=user, on=True, **choices)
    return user


def days(user: User, dice: random.Random, versions: list[ModelVersion], length: int = 150) -> None:
    """Said, seen or both; with gaps, a switch of the model or two, and a low end for some."""
    low_from = dice.choice((0, 4, 8, 14, 30))
    switches = sorted(dice.sample(range(length), k=len(versions) - 1))
    rows = []
    for ago in range(length, 0, -1):
        if dice.random() < 0.25:
            continue
        value = max(-1.0, min(1.0, dice.gauss(0.1, 0.2) - (0.45 if ago <= low_from else 0)))
        said = value if dice.random() < 0.5 else None
        camera = value if said is None or dice.random() < 0.5 else None
        version = versions[sum(length - ago >= at for at in switches)]
        rows.append(
            DailyMood(user=user, local_date=TODAY - timedelta(days=ago), valence=value, said=said, camera=camera,
                      version=version if camera is not None else None, weights="")
        )  # fmt: skip
    DailyMood.objects.bulk_create(rows)


def version(name: str) -> ModelVersion:
    return ModelVersion.objects.create(name=name, digest=name, sha256=name, manifest={}, source="")


def kept(user: User) -> list[tuple[date, date | None]]:
    return list(Downswing.objects.filter(user=user, stands=True).order_by("start").values_list("start", "end"))


def test_it_finds_whom_their_own_charts_find_and_keeps_the_same() -> None:
    dice, models = random.Random(5), [version("a"), version("b"), version("c")]
    people = []
    for number in range(60):
        user = watched(f"p{number}", sensitivity=dice.choice(list(Sensitivity)))
        if number % 5 == 0:
            Watch.objects.filter(user=user).update(since=TODAY - timedelta(days=90))
        days(user, dice, models[: 1 + number % 3])
        people.append(user)
    found = changed(list(due(NOW)))
    low = set()
    for user in people:
        points = points_of(user, Watch.objects.get(user=user), TODAY)
        if any(stretch.goes_on for stretch in stretches(points, TODAY)):
            low.add(user.pk)
    assert 5 < len(low) < 40
    assert low <= found
    assert len(found - low) <= 20 + 5  # besides those whom three models read, hardly anybody is looked at in vain
    assert sweep() == 60
    by_sweep = {user.pk: kept(user) for user in people if user.pk in low}
    Downswing.objects.all().delete()
    for user in people:
        follow(user)
    assert by_sweep == {user.pk: kept(user) for user in people if user.pk in low}


def test_each_is_looked_at_once_their_own_day_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, zone in (("kiri", "Pacific/Kiritimati"), ("ada", "Europe/Berlin"), ("sam", "Pacific/Samoa")):
        watched(name, zone)
    looked = []
    for hour in range(24):
        turn_clock(monkeypatch, TODAY, hour)
        looked.append(sweep())
    assert looked[0] == sum(looked[1:]) == 3
    assert looked[3] == 1  # 04:00 in Berlin
    assert looked[14] == 1  # 04:00 of the next day in Kiritimati, fourteen hours ahead
    assert looked[15] == 1  # 04:00 in Samoa, eleven hours behind


def test_nobody_who_is_off_is_even_read(
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    user = watched("mira")
    Watch.objects.update(on=False)
    days(user, random.Random(1), [version("a")])
    with django_assert_num_queries(1):
        assert sweep() == 0


def test_many_quiet_people_take_few_queries(
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    model = version("a")
    for number in range(40):
        user = watched(f"p{number}")
        DailyMood.objects.bulk_create(
            DailyMood(user=user, local_date=TODAY - timedelta(days=ago), valence=0.1, said=0.1, version=model)
            for ago in range(1, 60)
        )  # fmt: skip
    with django_assert_max_num_queries(6):
        assert sweep() == 40


def test_somebody_who_leaves_in_the_midst_ends_the_round_for_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = people = [watched(name) for name in ("ada", "bea", "cleo")]
    for user in people:
        Downswing.objects.create(user=user, start=TODAY - timedelta(days=90), depth=-1)  # open, so each is looked at
    seen = []

    def looked_at(user: User) -> None:
        seen.append(user)
        User.objects.filter(pk=second.pk).delete()

    monkeypatch.setattr("journal.downswings.sweep.follow", looked_at)
    sweep()
    assert seen == [first, third]
    assert set(Watch.objects.values_list("swept", flat=True)) == {TODAY - timedelta(days=1)}


def test_somebody_without_any_day_is_no_trouble() -> None:
    create_person("eve", "a quiet tide at noon")
    watched("adam")
    assert sweep() == 1
    assert sweep() == 0
