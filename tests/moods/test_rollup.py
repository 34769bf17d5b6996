"""A day's mood is what its rows say: after any sequence of changes as if computed from scratch."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference.emotions import EMOTIONS
from journal.accounts.models import User
from journal.moods.corrections import answer
from journal.moods.models import CheckIn, DailyMood
from journal.moods.rollup import Said, Seen, mood_of, recompute, recompute_all, recompute_days
from journal.moods.valence import WEIGHTS, WEIGHTS_VERSION
from journal.readings.models import Reading
from journal.registry.models import ModelVersion
from journal.snapshots.days import local_date
from journal.snapshots.models import Snapshot

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
HAPPY = {emotion: float(emotion == "happiness") for emotion in EMOTIONS}
SAD = {emotion: float(emotion == "sadness") for emotion in EMOTIONS}


def check_in(user: User, day: date = MONDAY, **values: Any) -> CheckIn:
    noon = datetime.combine(day, time(12), UTC)
    return CheckIn.objects.create(user=user, at=noon, zone="UTC", local_date=day, **values)


def reading(user: User, version: ModelVersion, day: date = MONDAY, hour: int = 12, **mixture: float) -> Reading:
    at = datetime.combine(day, time(hour), UTC)
    snapshot = Snapshot.objects.create(
        user=user, client_id=uuid.uuid4(), taken_at=at, zone="UTC", local_date=day, status=Snapshot.Status.DONE
    )
    return Reading.objects.create(
        snapshot=snapshot, version=version, **(dict.fromkeys(EMOTIONS, 0.0) | mixture),
        box_left=0, box_top=0, box_right=1, box_bottom=1, score=1,
    )  # fmt: skip


def kept(user: User) -> list[tuple[Any, ...]]:
    columns = [f.attname for f in DailyMood._meta.concrete_fields if f.name != "id"]
    return sorted(DailyMood.objects.filter(user=user).values_list(*columns))


def mood(user: User, day: date = MONDAY) -> DailyMood:
    return DailyMood.objects.get(user=user, local_date=day)


def test_days_of_several_people_are_theirs_alone(
    person: User, other: User, version: ModelVersion, django_assert_max_num_queries: Any
) -> None:
    """Each is asked for another day, and has something on the other's day too."""
    tuesday = MONDAY + timedelta(days=1)
    for who, value in ((person, 0.5), (other, -0.5)):
        for day in (MONDAY, tuesday):
            check_in(who, day, valence=value)
            reading(who, version, day, happiness=1.0)
    before = kept(person), kept(other)
    DailyMood.objects.all().delete()
    empty = MONDAY - timedelta(days=9)
    DailyMood.objects.create(user=other, local_date=empty, check_ins=1, readings=0)
    with django_assert_max_num_queries(9):
        recompute_days({person: {MONDAY}, other: {tuesday, empty}})
    assert kept(person) == before[0][:1]
    assert kept(other) == before[1][1:]


def test_a_day_without_anything_has_no_mood() -> None:
    assert mood_of([], []) is None


def test_what_was_said_outranks_what_was_seen_and_both_are_remembered() -> None:
    day = mood_of([Said(-0.5, 0.2), Said(None, None)], [Seen(HAPPY, 1), Seen(SAD, 2)])
    assert day is not None
    assert (day.valence, day.source, day.said) == (-0.5, "said", -0.5)
    assert day.camera == pytest.approx((WEIGHTS["happiness"] + WEIGHTS["sadness"]) / 2)
    assert (day.energy, day.check_ins, day.readings, day.version_id) == (0.2, 2, 2, 2)
    assert day.mixture["happiness"] == 0.5


def test_check_ins_without_a_valence_leave_the_day_to_the_camera() -> None:
    day = mood_of([Said(None, 0.1)], [Seen(HAPPY, 1)])
    assert day is not None
    assert (day.valence, day.source, day.said) == (WEIGHTS["happiness"], "camera", None)


def test_a_reading_that_was_contradicted_counts_as_the_person_said() -> None:
    corrected = mood_of([], [Seen(HAPPY, 1, corrected=("sadness",))])
    silenced = mood_of([], [Seen(HAPPY, 1, corrected=())])
    assert corrected is not None
    assert silenced is not None
    assert (corrected.valence, corrected.source) == (WEIGHTS["sadness"], "camera")
    assert (silenced.valence, silenced.source) == (None, "")


def test_rows_move_the_day_as_they_come_change_and_go(person: User, version: ModelVersion) -> None:
    seen = reading(person, version, happiness=0.8, neutral=0.2)
    assert mood(person).valence == pytest.approx(0.8 * WEIGHTS["happiness"])
    said = check_in(person, valence=-0.4)
    assert (mood(person).valence, mood(person).source) == (-0.4, "said")
    said.deleted_at = datetime.now(UTC)
    said.save()
    assert mood(person).source == "camera"
    answer(seen, felt_right=False, emotions=["sadness"])
    assert mood(person).valence == pytest.approx(WEIGHTS["sadness"])
    seen.snapshot.delete()
    assert not DailyMood.objects.exists()


def test_a_shadow_reading_does_not_count(person: User, version: ModelVersion) -> None:
    seen = reading(person, version, happiness=1)
    seen.role = Reading.Role.SHADOW
    seen.save()
    recompute(person, {MONDAY})
    assert not DailyMood.objects.exists()


def test_the_weights_that_made_a_day_are_named(person: User) -> None:
    check_in(person, valence=0.1)
    assert mood(person).weights == WEIGHTS_VERSION


def test_a_person_goes_with_all_days(person: User, other: User, version: ModelVersion) -> None:
    for who in (person, other):
        check_in(who, valence=0.3)
        reading(who, version, sadness=1)
    person.delete()
    assert {row.user for row in DailyMood.objects.all()} == {other}


def test_many_days_take_few_queries(
    person: User, version: ModelVersion, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    days = [MONDAY - timedelta(days=n) for n in range(30)]
    for day in days:
        check_in(person, day, valence=0.1)
        reading(person, version, day, neutral=1)
    with django_assert_max_num_queries(8):
        recompute(person, days)


OFFSETS = st.integers(0, 2)
VALUES = st.none() | st.floats(-1, 1)
OPERATIONS = st.one_of(
    st.tuples(st.just("say"), OFFSETS, VALUES),
    st.tuples(st.just("see"), OFFSETS, st.floats(0, 1)),
    st.tuples(st.just("edit"), st.integers(0, 9), VALUES),
    st.tuples(st.just("move"), st.integers(0, 9), OFFSETS),
    st.tuples(st.just("contradict"), st.integers(0, 9), st.lists(st.sampled_from(EMOTIONS), max_size=2)),
    st.tuples(st.just("undo"), st.integers(0, 9), st.booleans()),
    st.tuples(st.just("delete"), st.integers(0, 9), st.booleans()),
    st.tuples(st.just("discard"), st.integers(0, 9), st.booleans()),
)


def pick(rows: Any, number: int) -> Any:
    found = list(rows.order_by("pk"))
    return found[number % len(found)] if found else None


def apply(user: User, version: ModelVersion, operation: tuple[str, int, Any]) -> None:
    name, number, value = operation
    check_ins, readings = CheckIn.objects.filter(user=user, reading=None), Reading.objects.filter(snapshot__user=user)
    if name == "say":
        check_in(user, MONDAY + timedelta(days=number), valence=value)
    elif name == "see":
        reading(user, version, MONDAY + timedelta(days=number), happiness=value, sadness=1 - value)
    elif name in ("contradict", "discard") and (row := pick(readings, number)):
        row.snapshot.delete() if name == "discard" else answer(row, felt_right=False, emotions=value)
    elif name in ("edit", "move", "undo", "delete") and (row := pick(check_ins, number)):
        change(row, name, value)


def change(row: CheckIn, name: str, value: Any) -> None:
    if name == "delete":
        row.delete()
        return
    if name == "edit":
        row.valence = value
    elif name == "undo":
        row.deleted_at = datetime.now(UTC) if value else None
    else:
        before, row.local_date = row.local_date, MONDAY + timedelta(days=value)
        recompute(row.user, {before})
    row.save()
    if name == "move":
        recompute(row.user, {before})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(OPERATIONS, max_size=12))
def test_any_sequence_of_changes_ends_as_if_computed_from_scratch(
    person: User, version: ModelVersion, operations: list[tuple[str, int, Any]]
) -> None:
    CheckIn.objects.all().delete()
    Snapshot.objects.all().delete()
    for operation in operations:
        apply(person, version, operation)
    followed = kept(person)
    DailyMood.objects.all().delete()
    recompute_all(person)
    assert kept(person) == followed


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-29T02:30:00+00:00", date(2026, 3, 29)),  # 04:30 in Berlin, after the lost hour
        ("2026-03-29T01:59:00+00:00", date(2026, 3, 28)),  # 03:59, one minute before the day begins
        ("2026-10-25T02:30:00+00:00", date(2026, 10, 24)),  # 03:30 in winter time, after the hour that came twice
        ("2026-10-25T03:00:00+00:00", date(2026, 10, 25)),
    ],
)
def test_days_begin_at_four_also_when_clocks_change(moment: str, day: date) -> None:
    assert local_date(datetime.fromisoformat(moment), "Europe/Berlin", time(4)) == day
