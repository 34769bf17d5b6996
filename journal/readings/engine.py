"""The only module of the site that reaches torch: it reads claimed snapshots with a version's bundle."""

from __future__ import annotations

import faulthandler
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import cv2
import structlog
import torch
from django.conf import settings

from inference.pipeline import Pipeline
from inference.types import Analysis
from journal.accounts.seal import SealBroken
from journal.readings.store import store
from journal.registry.models import ModelVersion
from journal.registry.storage import fetch
from journal.snapshots import pictures
from journal.snapshots.claim import give_up, give_up_or_retry
from journal.snapshots.models import Snapshot

log = structlog.get_logger(__name__)
STDERR: Final = 2


class Engine:
    """A loaded pipeline and the version it belongs to. Raises ``BundleError`` where the version can't be loaded."""

    def __init__(self, version: ModelVersion) -> None:
        self.version = version
        self.pipeline = Pipeline(fetch(version))

    @classmethod
    def start(cls, version: ModelVersion, threads: int) -> Engine:
        """Fix the threads, fetch and verify a version, and warm it up. Raises ``BundleError``."""
        torch.set_num_threads(threads)
        cv2.setNumThreads(1)
        engine = cls(version)
        engine.pipeline.warm_up()
        return engine

    def read(self, snapshot: Snapshot) -> None:
        """Read a claimed snapshot and store what came of it; never raises for what a picture holds."""
        try:
            jpeg = pictures.look(snapshot.user, str(snapshot.pk), snapshot.picture)
        except (SealBroken, FileNotFoundError) as error:
            # A discarded snapshot has no row left to finish, and nothing was lost.
            log.warning("picture_lost", snapshot=str(snapshot.pk), error=str(error))
            give_up(snapshot, "picture_lost")
            return
        try:
            analysis, milliseconds = self.look(jpeg)
        except Exception:  # the one boundary: whatever a picture breaks becomes a counted attempt
            log.exception("reading_crashed", snapshot=str(snapshot.pk), attempts=snapshot.attempts)
            give_up_or_retry(snapshot, "crashed")
            return
        if not store(snapshot, analysis, self.version, milliseconds):
            log.info("claim_lost", snapshot=str(snapshot.pk))

    def look(self, jpeg: bytes) -> tuple[Analysis, float]:
        """What a picture shows, and the milliseconds that it took; the process ends if it takes too long."""
        began = time.perf_counter()
        with die_after(settings.READING_TIME_LIMIT):
            analysis = self.pipeline.analyse([jpeg])[0]
        return analysis, (time.perf_counter() - began) * 1000


@contextmanager
def die_after(seconds: int) -> Iterator[None]:
    """Print every thread's stack and end the process if the block takes longer.

    A thread of C code can't be interrupted from Python; the process can only be ended and started again,
    which the supervisor does. The row's attempt was counted when it was claimed.
    """
    # The descriptor itself: Celery puts an object in sys.stderr's place that a dying process can't use.
    faulthandler.dump_traceback_later(seconds, exit=True, file=STDERR)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
