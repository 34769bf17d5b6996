"""SQLite's write-ahead log: what was deleted lies in it until it is emptied."""

from __future__ import annotations

import logging
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

PATIENCE: Final = 200  # milliseconds; nobody who wants to write waits for longer


def empty(database: BaseDatabaseWrapper) -> bool:
    """Bring the log's pages into the database and cut the file to nothing; whether that is done, or needs no doing.

    A row that is deleted is overwritten in the database itself (``secure_delete``), but older pages with it stay in the
    log, which SQLite begins anew without emptying it. Somebody who reads keeps it from being cut: then the next time.
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
        logger.info("write_ahead.busy", extra={"pages": pages})
    return not busy
