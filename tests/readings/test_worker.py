"""A reader that can't load must not use up what people sent."""

from __future__ import annotations

import pytest

from inference.bundle import BundleError
from journal.readings import tasks, worker
from journal.readings.tasks import analyse_snapshot
from journal.snapshots.models import Snapshot


def fails(error: Exception) -> None:
    raise error


@pytest.mark.django_db
def test_without_an_engine_no_attempt_is_counted(queued: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "engine", lambda: fails(OSError("libGL.so.1 is missing")))
    with pytest.raises(OSError, match="libGL"):
        analyse_snapshot(str(queued.pk))
    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == (Snapshot.Status.QUEUED, 0)


@pytest.mark.parametrize("error", [BundleError("tampered"), OSError("libGL.so.1 is missing"), RuntimeError("torch")])
def test_a_worker_whose_engine_fails_ends_before_its_first_message(
    error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "succession", lambda sender: fails(error))
    monkeypatch.setattr(worker, "announce", lambda presence: None)
    with pytest.raises(SystemExit):
        worker.warm_up("inference@here")
    assert str(error) in caplog.text


def test_other_workers_load_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "succession", lambda sender: fails(AssertionError("loaded")))
    assert worker.warm_up("default@here") is None
