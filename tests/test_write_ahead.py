"""What a person deletes is nowhere in the database's files, its log included."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from journal import write_ahead
from journal.snapshots import tasks

SECRET = b"nobody else may read this"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    made = _open(tmp_path)
    yield made
    made.close()


def _open(folder: Path) -> BaseDatabaseWrapper:
    """A site's database as its settings make one, whatever the tests themselves run on."""
    site = {**settings.SQLITE, "NAME": str(folder / "site.sqlite3")}
    return ConnectionHandler({"default": site}).create_connection("default")


def _write_and_delete(database: BaseDatabaseWrapper) -> None:
    with database.cursor() as cursor:
        cursor.execute("CREATE TABLE note (body BLOB)")
        cursor.execute("INSERT INTO note VALUES (%s)", [SECRET])
        cursor.execute("DELETE FROM note")


def _files_with_secret(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if SECRET in path.read_bytes()}


@pytest.mark.django_db
def test_what_was_deleted_leaves_the_log(database: BaseDatabaseWrapper, tmp_path: Path) -> None:
    _write_and_delete(database)
    assert _files_with_secret(tmp_path) == {"site.sqlite3-wal"}
    assert write_ahead.empty(database)
    assert _files_with_secret(tmp_path) == set()
    with database.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (20_000,)


@pytest.mark.django_db
def test_what_was_long_in_the_file_leaves_it_too(database: BaseDatabaseWrapper, tmp_path: Path) -> None:
    with database.cursor() as cursor:
        cursor.execute("CREATE TABLE note (body BLOB)")
        cursor.execute("INSERT INTO note VALUES (%s)", [SECRET])
    assert write_ahead.empty(database)
    assert _files_with_secret(tmp_path) == {"site.sqlite3"}
    with database.cursor() as cursor:
        cursor.execute("DELETE FROM note")
    assert write_ahead.empty(database)
    assert _files_with_secret(tmp_path) == set()


@pytest.mark.django_db
def test_somebody_who_reads_is_left_in_peace(database: BaseDatabaseWrapper, tmp_path: Path) -> None:
    with database.cursor() as cursor:
        cursor.execute("CREATE TABLE other (number INT)")
    reader = _open(tmp_path)
    with reader.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        cursor.execute("SELECT * FROM other")
        cursor.fetchall()
        _write_and_delete(database)
        begun = time.monotonic()
        assert not write_ahead.empty(database)
        assert time.monotonic() - begun < 5  # not the 20 seconds that a writer may wait
        cursor.execute("COMMIT")
    assert write_ahead.empty(database)
    assert _files_with_secret(tmp_path) == set()
    reader.close()


def test_beat_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    emptied: list[BaseDatabaseWrapper] = []
    monkeypatch.setattr(write_ahead, "empty", emptied.append)
    tasks.empty_write_ahead_log()
    assert [each.alias for each in emptied] == [connection.alias]
    asked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "journal.snapshots.tasks.empty_write_ahead_log" in asked
