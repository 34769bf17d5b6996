"""Several snapshots read together: each comes out as it would have alone, whatever the others hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from inference.types import Analysis
from journal.accounts.models import Consent, Purpose, User
from journal.moods import rollup
from journal.moods.models import DailyMood
from journal.readings import store, tasks
from journal.readings.engine import Engine
from journal.readings.models import Reading
from journal.readings.store import readings_stored
from journal.readings.tasks import analyse_snapshot
from journal.registry.models import ModelVersion
from journal.snapshots import pictures
from journal.snapshots.claim import claim, release_of, release_stale
from journal.snapshots.intake import take_in
from journal.snapshots.models import Snapshot
from tests.conftest import arrival
from tests.pictures import empty_room, encode
from tests.readings.test_store import TWO_FACES

pytestmark = pytest.mark.django_db
Status = Snapshot.Status


class Pipeline:
    """Sees two faces in every picture, breaks on those it is told to, and remembers how many it was shown at once."""

    def __init__(self) -> None:
        self.made_with: tuple[Any, ...] = ()
        self.shown: list[int] = []
        self.breaks_on: bytes | None = None

    def analyse(self, jpegs: Sequence[bytes]) -> list[Analysis]:
        self.shown.append(len(jpegs))
        if self.breaks_on in jpegs:
            raise RuntimeError("a picture that nobody thought of")
        return [TWO_FACES] * len(jpegs)


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline()


@pytest.fixture
def engine(version: ModelVersion, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The worker's engine, with a pipeline that needs no network."""
    monkeypatch.setattr("journal.readings.engine.fetch", lambda version: None)

    def make(*given: Any) -> Pipeline:
        pipeline.made_with = given
        return pipeline

    monkeypatch.setattr("journal.readings.engine.Pipeline", make)
    engine = Engine(version)
    monkeypatch.setattr(tasks, "engine", lambda: engine)
    return engine


@pytest.fixture
def line(person: User, other: User) -> list[Snapshot]:
    """Five that wait, of two people in turns."""
    return [take_in(who, arrival())[0] for who in (person, other, person, other, person)]


def look(snapshots: Sequence[Snapshot]) -> list[tuple[str, int]]:
    for snapshot in snapshots:
        snapshot.refresh_from_db()
    return [(snapshot.status, snapshot.attempts) for snapshot in snapshots]


def ring(snapshot: Snapshot) -> None:
    analyse_snapshot(str(snapshot.pk))


def test_what_waits_is_read_together(engine: Engine, pipeline: Pipeline, line: list[Snapshot]) -> None:
    ring(line[0])
    assert pipeline.shown == [5]
    assert look(line) == [(Status.DONE, 1)] * 5
    readings = list(Reading.objects.all())
    assert {reading.snapshot_id for reading in readings} == {snapshot.pk for snapshot in line}


def test_bells_for_what_is_read_already_wake_no_engine(
    engine: Engine, pipeline: Pipeline, line: list[Snapshot], django_assert_num_queries: Any
) -> None:
    ring(line[0])
    with django_assert_num_queries(4):
        for snapshot in line[1:]:
            ring(snapshot)
    assert pipeline.shown == [5]


def test_a_batch_is_bounded_and_a_single_one_does_not_wait(
    engine: Engine, pipeline: Pipeline, line: list[Snapshot], settings: Any
) -> None:
    settings.READING_BATCH = 2
    for snapshot in line:
        ring(snapshot)
    assert pipeline.shown == [2, 2, 1]
    assert look(line) == [(Status.DONE, 1)] * 5


def test_the_settings_reach_the_pipeline(
    engine: Engine, pipeline: Pipeline, version: ModelVersion, settings: Any
) -> None:
    settings.SMALLEST_FACE = 20
    Engine(version, threads=3)
    assert pipeline.made_with == (None, 0.2, 3)


def test_a_file_that_can_not_be_read_now_costs_its_own_attempt_alone(
    engine: Engine, line: list[Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pictures.look

    def look_up(user: User, pk: str, *rest: Any) -> bytes:
        if pk == str(line[1].pk):
            raise PermissionError("no")
        return real(user, pk, *rest)

    monkeypatch.setattr(pictures, "look", look_up)
    ring(line[0])
    assert look(line) == [(Status.QUEUED, 1) if one is line[1] else (Status.DONE, 1) for one in line]


def test_a_database_that_refuses_one_person_keeps_nothing_from_the_other(
    engine: Engine, line: list[Snapshot], person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even that these be tried again; they are, once they are stale."""
    real = store.store_all

    def refuse(looked: Sequence[store.Looked], *rest: Any) -> list[Snapshot]:
        if looked[0].snapshot.user == person:
            raise OperationalError("database is locked")
        return real(looked, *rest)

    def locked(snapshot: Snapshot, outcome: str) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("journal.readings.engine.store_all", refuse)
    monkeypatch.setattr("journal.readings.engine.give_up_or_retry", locked)
    ring(line[0])
    assert look(line) == [(Status.PROCESSING if one.user == person else Status.DONE, 1) for one in line]


def test_where_there_is_one_attempt_each_is_taken_alone(line: list[Snapshot], settings: Any) -> None:
    settings.READING_ATTEMPTS = 1
    assert claim(line[0].pk, most=5) == [line[0]]


def test_rows_that_are_read_one_by_one_are_not_taken_for_abandoned(
    engine: Engine, pipeline: Pipeline, line: list[Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as their batch is worked on, the sweep leaves them."""
    swept: list[int] = []
    real = engine.look_at_all

    def look_late(jpegs: Sequence[bytes]) -> tuple[list[Analysis], float]:
        swept.append(release_stale())
        Snapshot.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
        if len(jpegs) > 1:
            raise RuntimeError("only together")
        return real(jpegs)

    monkeypatch.setattr(engine, "look_at_all", look_late)
    ring(line[0])
    assert swept == [0] * 6
    assert look(line) == [(Status.DONE, 1)] * 5


def test_only_a_picture_that_was_read_alone_has_a_time(engine: Engine, line: list[Snapshot], settings: Any) -> None:
    settings.READING_BATCH = 2
    ring(line[0])
    assert set(Reading.objects.values_list("milliseconds", flat=True)) == {None}
    settings.READING_BATCH = 1
    ring(line[4])
    assert Reading.objects.get(snapshot=line[4]).milliseconds is not None


def test_an_empty_queue_is_no_work(engine: Engine, pipeline: Pipeline, queued: Snapshot) -> None:
    pk = str(queued.pk)
    queued.delete()
    analyse_snapshot(pk)
    assert pipeline.shown == []


def test_a_day_is_computed_once_however_many_readings_it_gets(
    engine: Engine, line: list[Snapshot], person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[str] = []
    real = rollup.mood_of
    monkeypatch.setattr(rollup, "mood_of", lambda said, seen: computed.append("day") or real(said, seen))
    ring(line[0])
    assert len(computed) == 2
    assert DailyMood.objects.get(user=person).readings == 3


def test_a_picture_that_breaks_a_batch_costs_nobody_else_an_attempt(
    engine: Engine, pipeline: Pipeline, line: list[Snapshot], person: User
) -> None:
    bad, _created = take_in(person, arrival(picture=encode(empty_room())))
    pipeline.breaks_on = pictures.look(person, str(bad.pk), bad.picture)
    ring(line[0])
    assert pipeline.shown == [6, 1, 1, 1, 1, 1, 1]
    assert look([*line, bad]) == [(Status.DONE, 1)] * 5 + [(Status.QUEUED, 1)]


def test_after_the_death_of_a_worker_each_row_is_read_alone(
    engine: Engine, pipeline: Pipeline, line: list[Snapshot]
) -> None:
    assert len(claim(line[0].pk, "inference@here", 16)) == 5
    release_of("inference@here")
    for snapshot in line:
        ring(snapshot)
    assert pipeline.shown == [1] * 5
    assert look(line) == [(Status.DONE, 2)] * 5


def test_a_lost_picture_is_lost_alone(engine: Engine, line: list[Snapshot], own_pictures: Path) -> None:
    (own_pictures / line[2].picture).unlink()
    ring(line[0])
    assert [status for status, _attempts in look(line)] == [*[Status.DONE] * 2, Status.FAILED, *[Status.DONE] * 2]
    assert line[2].outcome == "picture_lost"


def test_a_batch_of_lost_pictures_is_no_work(engine: Engine, pipeline: Pipeline, queued: Snapshot) -> None:
    pictures.forget(queued.picture)
    ring(queued)
    assert pipeline.shown == []
    assert look([queued]) == [(Status.FAILED, 1)]


def test_one_person_who_withdrew_meanwhile_takes_nobody_along(
    engine: Engine, line: list[Snapshot], person: User, other: User
) -> None:
    claimed = claim(line[0].pk, most=16)
    Consent.objects.create(user=other, purpose=Purpose.CAMERA, granted=False, text_version="2026-11")
    engine.read(claimed)
    assert {snapshot.user_id for snapshot in Snapshot.objects.filter(status=Status.DONE)} == {person.pk}
    assert not Snapshot.objects.filter(user=other).exists()


def test_one_that_was_discarded_meanwhile_takes_nobody_along(engine: Engine, line: list[Snapshot]) -> None:
    claimed = claim(line[0].pk, most=16)
    line[0].delete()
    engine.read(claimed)
    assert look(line[1:]) == [(Status.DONE, 1)] * 4
    assert Reading.objects.count() == 4


def test_what_breaks_one_persons_days_is_their_attempt_alone(
    engine: Engine, line: list[Snapshot], person: User, other: User
) -> None:
    def break_on_other(sender: Any, user: User, **kwargs: Any) -> None:
        if user == other:
            raise RuntimeError("a day that nobody thought of")

    readings_stored.connect(break_on_other)
    try:
        ring(line[0])
    finally:
        readings_stored.disconnect(break_on_other)
    done, queued = (Status.DONE, 1), (Status.QUEUED, 1)
    assert look(line) == [done, queued, done, queued, done]
    assert {reading.snapshot.user_id for reading in Reading.objects.select_related("snapshot")} == {person.pk}
