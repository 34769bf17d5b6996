"""Sealed picture files: written beside and renamed, read by the engine, forgotten after."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from journal.accounts.models import DataKey, User
from journal.accounts.seal import Opener, Place, seal

TABLE = "snapshots.snapshot"


def keep(user: User, row: str, jpeg: bytes) -> str:
    """Seal a picture for the row with primary key ``row`` and return the file's name."""
    name = name_of(row)
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    beside.write_bytes(seal(user, jpeg, _place(row)))
    beside.replace(path)
    return name


def name_of(row: str) -> str:
    """The name of a row's file, whether there is one or not."""
    return f"{row[:2]}/{row}.sealed"


def look(user: User, row: str, name: str, keys: Mapping[int, DataKey] | None = None) -> bytes:
    """The picture's JPEG bytes; ``keys`` are those of many people, asked for together.

    Raises ``SealBroken`` or ``FileNotFoundError``.
    """
    return Opener(user, keys).open(_path(name).read_bytes(), _place(row))


def forget(name: str) -> None:
    """Delete a picture's file; it's fine if it has gone already."""
    if name:
        _path(name).unlink(missing_ok=True)


def forget_once_stored(name: str) -> None:
    """``forget`` when the present transaction is over; what one file refuses keeps no other from going."""
    # No partial: Django couldn't name it in the line that it logs, and would raise instead.
    transaction.on_commit(lambda: forget(name), robust=True)


def files_older_than(moment: datetime) -> Iterator[str]:
    """Names of picture files last written before ``moment``."""
    for path in settings.PICTURES.glob("*/*"):
        try:
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:
            continue  # forgotten in the usual way a moment ago
        if written < moment:
            yield str(path.relative_to(settings.PICTURES))


def mark(database: str) -> bool:
    """Note which database the files belong to where that isn't noted yet; whether they belong to this one."""
    note = Path(settings.PICTURES / ".database")
    if not note.exists():
        note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        note.write_text(database)
    return note.read_text() == database


def _place(row: str) -> Place:
    return Place(table=TABLE, row=row, field="picture")


def _path(name: str) -> Path:
    return Path(settings.PICTURES / name)
