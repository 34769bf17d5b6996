"""A challenger reads along: on its share, with consent, unseen, and the picture is gone within ten minutes."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from inference.bundle import BundleError
from inference.types import Analysis, Face, FaceReading, Mixture, Status
from journal.accounts.consent import decide
from journal.accounts.models import Purpose, User
from journal.moods.models import DailyMood
from journal.readings import along, lending
from journal.readings.along import read_along
from journal.readings.models import Reading, TrialReading
from journal.readings.store import store
from journal.registry.models import ModelAlias, ModelVersion
from journal.registry.trial import start_trial
from journal.snapshots import retention
from journal.snapshots.claim import claim
from journal.snapshots.intake import take_in
from journal.snapshots.models import Snapshot
from tests.bundles import candidate
from tests.conftest import arrival

pytestmark = pytest.mark.django_db
FACE = Face((0, 0, 64, 64), 0.99, ((1.0, 1.0),) * 5)
GLAD = Analysis(Status.READ, (FaceReading(FACE, Mixture((0.1, 0.8, 0, 0, 0, 0, 0, 0), ("happiness",))),), 320, 240)
SAD = Analysis(Status.READ, (FaceReading(FACE, Mixture((0.1, 0, 0, 0.8, 0, 0, 0, 0), ("sadness",))),), 320, 240)


def challenger_says(analysis: Analysis) -> Any:
    return lambda version: SimpleNamespace(look=lambda jpeg: (analysis, 12.5))


@pytest.fixture
def challenger(version: ModelVersion, person: User) -> ModelVersion:
    rival = candidate()
    start_trial(rival, 1, person.pk)
    decide(person, Purpose.TRIAL, granted=True)
    return rival


@pytest.fixture
def shoot(person: User, version: ModelVersion, django_capture_on_commit_callbacks: Any) -> Any:
    """A snapshot that the champion has read."""

    def shoot(analysis: Analysis = GLAD) -> Snapshot:
        snapshot, _created = take_in(person, arrival())
        [claimed] = claim(snapshot.pk)
        with django_capture_on_commit_callbacks(execute=True):
            assert store(claimed, analysis, version)
        snapshot.refresh_from_db()
        return snapshot

    return shoot


def sealed(folder: Path) -> list[Path]:
    return list(folder.glob("*/*"))


def test_the_challengers_reading_stands_beside_and_the_picture_goes(
    shoot: Any, challenger: ModelVersion, own_pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    snapshot = shoot()
    assert (snapshot.status, snapshot.picture) == (Snapshot.Status.DONE, "")
    assert len(sealed(own_pictures)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        read_along(TrialReading.objects.get().pk, challenger_says(SAD))
    shadow = Reading.objects.get(role=Reading.Role.SHADOW)
    assert (shadow.version, shadow.present, shadow.milliseconds) == (challenger, ["sadness"], 12.5)
    trial = TrialReading.objects.get()
    assert (trial.status, trial.picture) == (TrialReading.Status.DONE, "")
    assert not sealed(own_pictures)


def without_token(page: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page)


def test_nothing_that_the_person_sees_changes(
    shoot: Any, challenger: ModelVersion, signed_in: Any, django_capture_on_commit_callbacks: Any
) -> None:
    snapshot = shoot()
    address = f"/snapshots/{snapshot.pk}"
    before = [without_token(signed_in.get(page).content) for page in (address, "/journal")]
    assert signed_in.get(f"{address}/picture").status_code == 404
    mood = DailyMood.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        read_along(TrialReading.objects.get().pk, challenger_says(SAD))
    assert [without_token(signed_in.get(page).content) for page in (address, "/journal")] == before
    assert DailyMood.objects.get() == mood


def test_without_the_trial_consent_nothing_is_lent(shoot: Any, challenger: ModelVersion, person: User) -> None:
    decide(person, Purpose.TRIAL, granted=False)
    shoot()
    assert not TrialReading.objects.exists()


def test_only_the_share_is_chosen(shoot: Any, challenger: ModelVersion) -> None:
    ModelAlias.objects.filter(version=challenger).update(share=0.25)
    quarter = [shoot() for _ in range(60)]
    chosen = set(TrialReading.objects.values_list("snapshot_id", flat=True))
    assert chosen == {row.pk for row in quarter if (row.pk.int >> 64) % 10_000 < 2_500}
    assert 2 <= len(chosen) <= 30  # of 60 at a quarter; outside once in some 100,000 runs


@pytest.mark.parametrize("status", [Status.NO_FACE, Status.TOO_DARK, Status.BAD_IMAGE])
def test_where_there_was_nothing_to_read_nothing_is_lent(
    shoot: Any, challenger: ModelVersion, own_pictures: Path, status: Status
) -> None:
    shoot(Analysis(status, (), 320, 240))
    assert not TrialReading.objects.exists()
    assert not sealed(own_pictures)


def test_a_kept_picture_stays_with_its_person(
    shoot: Any, challenger: ModelVersion, person: User, own_pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    decide(person, Purpose.KEEP_PICTURES, granted=True)
    snapshot = shoot()
    assert TrialReading.objects.get().picture == ""
    with django_capture_on_commit_callbacks(execute=True):
        read_along(TrialReading.objects.get().pk, challenger_says(SAD))
    assert Reading.objects.filter(role=Reading.Role.SHADOW).count() == 1
    assert (own_pictures / snapshot.picture).is_file()


@pytest.mark.parametrize("error", [BundleError("damaged"), RuntimeError("nobody thought of this"), OSError("gone")])
def test_a_challenger_that_fails_is_counted_and_the_picture_goes(
    error: Exception, shoot: Any, challenger: ModelVersion, own_pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    def fail(version: ModelVersion) -> Any:
        raise error

    shoot()
    with django_capture_on_commit_callbacks(execute=True):
        read_along(TrialReading.objects.get().pk, fail)
    assert TrialReading.objects.get().status == TrialReading.Status.FAILED
    assert not sealed(own_pictures)


def test_after_ten_minutes_the_picture_is_gone_whatever_happened(
    shoot: Any,
    challenger: ModelVersion,
    own_pictures: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """One that nobody began, one whose worker died, one whose worker died between the row and the file."""
    shots = [shoot() for _ in range(3)]
    TrialReading.objects.filter(snapshot=shots[1]).update(status=TrialReading.Status.READING)
    TrialReading.objects.filter(snapshot=shots[2]).update(status=TrialReading.Status.DONE)
    lending.end_overdue()
    assert len(sealed(own_pictures)) == 2
    later = timezone.now() + lending.LENT_FOR
    monkeypatch.setattr(lending.timezone, "now", lambda: later)
    with django_capture_on_commit_callbacks(execute=True):
        assert lending.end_overdue() == 2
    assert not sealed(own_pictures)
    assert set(TrialReading.objects.values_list("picture", flat=True)) == {""}
    read_along(TrialReading.objects.filter(snapshot=shots[0]).get().pk, challenger_says(SAD))
    assert not Reading.objects.filter(role=Reading.Role.SHADOW).exists()
    assert lending.LENT_FOR + timedelta(seconds=15) <= timedelta(minutes=10)


@pytest.mark.parametrize("purpose", [Purpose.TRIAL, Purpose.CAMERA])
def test_a_consent_taken_back_acts_at_once(
    purpose: Purpose,
    shoot: Any,
    challenger: ModelVersion,
    person: User,
    own_pictures: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    shoot()
    with django_capture_on_commit_callbacks(execute=True):
        decide(person, purpose, granted=False)
    assert TrialReading.objects.get().status == TrialReading.Status.LAPSED
    assert not sealed(own_pictures)


def test_a_consent_taken_back_during_the_reading_leaves_no_reading(
    shoot: Any, challenger: ModelVersion, person: User, own_pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    def look(jpeg: bytes) -> tuple[Analysis, float]:
        decide(person, Purpose.TRIAL, granted=False)
        return SAD, 1.0

    shoot()
    with django_capture_on_commit_callbacks(execute=True):
        read_along(TrialReading.objects.get().pk, lambda version: SimpleNamespace(look=look))  # type: ignore[arg-type, return-value]
    assert not Reading.objects.filter(role=Reading.Role.SHADOW).exists()
    assert not sealed(own_pictures)


def test_a_discarded_snapshot_takes_its_trial_and_picture_along(
    shoot: Any, challenger: ModelVersion, own_pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    snapshot = shoot()
    with django_capture_on_commit_callbacks(execute=True):
        retention.discard(snapshot)
    assert not TrialReading.objects.exists()
    assert not sealed(own_pictures)


def test_it_steps_aside_while_anybody_waits(
    shoot: Any, challenger: ModelVersion, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shoot()
    take_in(person, arrival())
    pauses = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        assert not Reading.objects.filter(role=Reading.Role.SHADOW).exists()
        if len(pauses) == 3:
            Snapshot.objects.update(status=Snapshot.Status.DONE)

    monkeypatch.setattr(along.time, "sleep", pause)
    along.read_along(TrialReading.objects.get().pk, challenger_says(SAD))
    assert len(pauses) == 3
    assert Reading.objects.filter(role=Reading.Role.SHADOW).count() == 1


def test_it_steps_aside_no_longer_than_the_picture_is_lent(
    shoot: Any, challenger: ModelVersion, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shoot()
    take_in(person, arrival())
    TrialReading.objects.update(ends_at=timezone.now())
    monkeypatch.setattr(along.time, "sleep", lambda seconds: pytest.fail("it waits for ever"))
    along.read_along(TrialReading.objects.get().pk, challenger_says(SAD))
    assert not Reading.objects.filter(role=Reading.Role.SHADOW).exists()


def test_a_message_that_comes_twice_reads_once(shoot: Any, challenger: ModelVersion) -> None:
    shoot()
    for _message in range(2):
        read_along(TrialReading.objects.get().pk, challenger_says(SAD))
    assert Reading.objects.filter(role=Reading.Role.SHADOW).count() == 1
