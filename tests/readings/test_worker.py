"""A reader that can't load must not use up what people sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from celery.fixups.django import DjangoWorkerFixup
from celery.signals import task_postrun, task_prerun
from django.db import connection

from inference.bundle import BundleError
from journal.celery import app
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


@pytest.mark.django_db(transaction=True)
class TestConnection:
    def message(self) -> None:
        """What Celery's own part for Django does around each message."""
        for signal in (task_prerun, task_postrun):
            signal.send(analyse_snapshot)

    @pytest.fixture(autouse=True)
    def fixup(self) -> Iterator[None]:
        fixup = DjangoWorkerFixup(app)
        handlers = {task_prerun: fixup.on_task_prerun, task_postrun: fixup.on_task_postrun}
        for signal, handler in handlers.items():
            signal.connect(handler)
        yield
        for signal, handler in handlers.items():
            signal.disconnect(handler)

    def test_it_is_kept_from_message_to_message(self) -> None:
        connection.ensure_connection()
        before = connection.connection
        self.message()
        assert connection.connection is before

    def test_a_broken_one_is_not(self, monkeypatch: pytest.MonkeyPatch) -> None:
        connection.ensure_connection()
        connection.errors_occurred = True
        monkeypatch.setattr(connection, "is_usable", lambda: False)
        self.message()
        assert connection.connection is None
