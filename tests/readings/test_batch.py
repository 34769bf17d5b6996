"""Several snapshots read together: each comes out as it would have alone, whatever the others hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inference.types import Analysis
from inference.types import Status as Looks
from journal.accounts.consent import decide
from journal.accounts.models import Consent, Purpose, User
from journal.accounts.people import create_person
from journal.moods import rollup
from journal.moods.models import DailyMood
from journal.readings import lending, store, tasks
from journal.readings.engine import Engine
from journal.readings.models import Reading, TrialReading
from journal.readings.store import readings_stored
from journal.readings.tasks import analyse_snapshot
from journal.registry.models import ModelVersion
from journal.registry.trial import start_trial
from journal.snapshots import pictures
from journal.snapshots.claim import claim, release_of, release_stale
from journal.snapshots.intake import take_in
from journal.snapshots.models import Snapshot
from tests.bundles import candidate
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


def test_ten_peoples_cost_hardly_more_queries_than_ones(
    engine: Engine, person: User, version: ModelVersion, django_assert_max_num_queries: Any
) -> None:
    take_in(person, arrival())
    with CaptureQueriesContext(connection) as alone:
        ring(Snapshot.objects.get())
    crowd = [create_person(f"person {number}", "a quiet tide at noon") for number in range(10)]
    for somebody in crowd:
        decide(somebody, Purpose.CAMERA, granted=True)
        take_in(somebody, arrival())
    with django_assert_max_num_queries(len(alone) + 2):  # claiming more than one asks once more
        ring(Snapshot.objects.filter(status=Status.QUEUED)[0])
    assert DailyMood.objects.filter(readings=1).count() == 11


def test_each_picture_ends_as_its_own_person_and_its_own_content_want(
    engine: Engine, pipeline: Pipeline, line: list[Snapshot], person: User, own_pictures: Path,
    django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """One keeps pictures and the other doesn't; of the third nobody is seen, and the fourth can't be opened."""
    decide(person, Purpose.KEEP_PICTURES, granted=True)
    nobody, broken = Analysis(Looks.NO_FACE, (), 320, 240), Analysis(Looks.BAD_IMAGE, (), 0, 0)
    shown = [TWO_FACES, TWO_FACES, nobody, TWO_FACES, broken]
    monkeypatch.setattr(pipeline, "analyse", lambda jpegs: shown)
    names = [snapshot.picture for snapshot in line]
    with django_capture_on_commit_callbacks(execute=True):
        ring(line[0])
    assert [status for status, _ in look(line)] == [
        Status.DONE, Status.DONE, Status.NO_FACE, Status.DONE, Status.FAILED,
    ]  # fmt: skip
    assert [snapshot.faces for snapshot in line] == [2, 2, 0, 2, 0]
    assert [(own_pictures / name).exists() for name in names] == [True, False, True, False, False]
    assert {reading.snapshot_id for reading in Reading.objects.all()} == {line[n].pk for n in (0, 1, 3)}


@pytest.mark.django_db(transaction=True)
def test_a_file_that_can_not_be_deleted_keeps_no_other_from_going(
    engine: Engine, line: list[Snapshot], own_pictures: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    real, names = pictures.forget, [snapshot.picture for snapshot in line]

    def refuse_first(name: str) -> None:
        if name == names[0]:
            raise PermissionError("no")
        real(name)

    monkeypatch.setattr(pictures, "forget", refuse_first)
    ring(line[0])
    assert look(line) == [(Status.DONE, 1)] * 5
    assert [(own_pictures / name).exists() for name in names] == [True, False, False, False, False]
    assert "storing_broken" not in caplog.text
    assert "PermissionError" in caplog.text


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
        if person in {one.snapshot.user for one in looked}:
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
    def break_on_other(sender: Any, days: dict[User, set[date]], **kwargs: Any) -> None:
        if other in days:
            raise RuntimeError("a day that nobody thought of")

    readings_stored.connect(break_on_other)
    try:
        ring(line[0])
    finally:
        readings_stored.disconnect(break_on_other)
    done, queued = (Status.DONE, 1), (Status.QUEUED, 1)
    assert look(line) == [done, queued, done, queued, done]
    assert {reading.snapshot.user_id for reading in Reading.objects.select_related("snapshot")} == {person.pk}


def test_what_is_stored_a_person_at_a_time_is_lent_and_forgotten_as_together(
    engine: Engine, line: list[Snapshot], person: User, other: User, own_pictures: Path,
    django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """What the broken transaction began is undone: a picture that it lent is still there to be lent."""
    start_trial(candidate(), 1, person.pk)
    decide(person, Purpose.TRIAL, granted=True)
    monkeypatch.setattr(lending, "_ring", lambda pk: None)
    names = [snapshot.picture for snapshot in line]

    def break_together(sender: Any, days: dict[User, set[date]], **kwargs: Any) -> None:
        if len(days) > 1:
            raise RuntimeError("only one by one")

    readings_stored.connect(break_together)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            ring(line[0])
    finally:
        readings_stored.disconnect(break_together)
    assert look(line) == [(Status.DONE, 1)] * 5
    assert {trial.picture for trial in TrialReading.objects.all()} == {names[0], names[2], names[4]}
    assert [(own_pictures / name).exists() for name in names] == [True, False, True, False, True]
