from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inference.bundle import BundleError
from journal.readings.engine import Engine
from journal.readings.models import Reading
from journal.registry.models import ModelVersion
from journal.snapshots.claim import claim
from journal.snapshots.models import Snapshot

pytestmark = pytest.mark.django_db
Status = Snapshot.Status


@pytest.fixture(scope="module")
def loaded() -> dict[str, Engine]:
    return {}


@pytest.fixture
def engine(version: ModelVersion, loaded: dict[str, Engine]) -> Engine:
    """One pipeline for all tests of this file, under each test's own version row."""
    if "engine" not in loaded:
        loaded["engine"] = Engine(version)
    loaded["engine"].version = version
    return loaded["engine"]


def read(engine: Engine, snapshot: Snapshot) -> Snapshot:
    engine.read(claim(snapshot.pk))
    snapshot.refresh_from_db()
    return snapshot


def test_the_site_says_how_small_a_face_may_be(version: ModelVersion, queued: Snapshot, settings: Any) -> None:
    settings.SMALLEST_FACE = 100
    assert read(Engine(version), queued).outcome == "no_face"


def test_a_smile_becomes_a_reading(engine: Engine, queued: Snapshot) -> None:
    assert read(engine, queued).status == Status.DONE
    reading = Reading.objects.get()
    assert "happiness" in reading.present
    assert reading.milliseconds is not None
    assert reading.milliseconds > 0
    assert queued.version == reading.version


def test_a_picture_that_crashes_the_pipeline_is_tried_again_and_then_failed(
    engine: Engine, queued: Snapshot, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(pictures: list[bytes]) -> None:
        raise RuntimeError("a picture that nobody thought of")

    monkeypatch.setattr(engine.pipeline, "analyse", crash)
    for attempt in range(1, settings.READING_ATTEMPTS):
        assert read(engine, queued).status == Status.QUEUED
        assert queued.attempts == attempt
    assert read(engine, queued).status == Status.FAILED
    assert (queued.outcome, queued.picture) == ("crashed", "")
    assert "nobody thought of" in caplog.text


def test_a_picture_that_was_tampered_with_is_not_read(
    engine: Engine, queued: Snapshot, own_pictures: Path, django_capture_on_commit_callbacks: Any
) -> None:
    path = own_pictures / queued.picture
    sealed = bytearray(path.read_bytes())
    sealed[-1] ^= 1
    path.write_bytes(sealed)
    with django_capture_on_commit_callbacks(execute=True):
        assert read(engine, queued).status == Status.FAILED
    assert (queued.outcome, queued.picture) == ("picture_lost", "")
    assert not path.exists()


def test_a_picture_of_another_row_does_not_open(engine: Engine, queued: Snapshot, own_pictures: Path) -> None:
    other = own_pictures / "00" / "other.sealed"
    other.parent.mkdir(exist_ok=True)
    (own_pictures / queued.picture).rename(other)
    Snapshot.objects.update(id="00000000-0000-4000-8000-000000000000", picture="00/other.sealed")
    moved = Snapshot.objects.get()
    assert read(engine, moved).outcome == "picture_lost"


def test_it_refuses_weights_that_were_tampered_with(version: ModelVersion, own_storage: Path) -> None:
    weights = own_storage / f"{version.sha256}.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\1")
    with pytest.raises(BundleError, match="not the ones"):
        Engine.start(version, threads=1)
