"""SQLite's write-ahead log: what was deleted lies in it until it is emptied."""

from __future__ import annotations

from typing import Final

import structlog
from django.db.backends.base.base import BaseDatabaseWrapper

log = structlog.get_logger(__name__)

# Milliseconds to wait for somebody who reads. Whoever wants to write waits as long, and while pages are copied.
PATIENCE: Final = 200


def empty(database: BaseDatabaseWrapper) -> bool:
    """Bring the log's pages into the database and cut the file to nothing; whether that is done, or needs no doing.

    A deletion goes to the log first. The database's file keeps the row until the log's pages are brought into it, which
    overwrite it (``secure_delete``); and a row that was in the log stays there, for SQLite begins its log anew without
    emptying it. Somebody who reads keeps it from being cut: then the next time. Not to be called in a transaction.
    """
    if database.vendor != "sqlite":
        return True
    with database.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (usual,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, pages, _ = cursor.fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={usual}")
    if busy:
        log.info("write_ahead_log_busy", pages=pages)
    return not busy
