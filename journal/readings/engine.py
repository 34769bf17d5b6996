"""The only module of the site that reaches torch: it reads claimed snapshots with a version's bundle."""

from __future__ import annotations

import faulthandler
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

import cv2
import structlog
import torch
from django.conf import settings
from django.db import DatabaseError

from inference.pipeline import Pipeline
from inference.types import Analysis
from journal.accounts.seal import SealBroken, keys_of
from journal.readings import lending
from journal.readings.memory import Allowance
from journal.readings.store import Looked, store_all
from journal.registry.models import ModelAlias, ModelVersion
from journal.registry.storage import fetch
from journal.snapshots import pictures
from journal.snapshots.claim import give_up, give_up_or_retry, renew
from journal.snapshots.models import Snapshot

log = structlog.get_logger(__name__)
STDERR: Final = 2


class Engine:
    """A loaded pipeline and the version it belongs to. Raises ``BundleError`` where the version can't be loaded."""

    def __init__(self, version: ModelVersion, threads: int = 1) -> None:
        self.version = version
        self.pipeline = Pipeline(fetch(version), settings.SMALLEST_FACE / 100, threads)
        self._memory = Allowance()

    @classmethod
    def start(cls, version: ModelVersion, threads: int) -> Engine:
        """Fix the threads, fetch and verify a version, and warm it up. Raises ``BundleError``."""
        # The pipeline's threads read a picture each.
        torch.set_num_threads(1)
        cv2.setNumThreads(1)
        engine = cls(version, threads)
        engine.pipeline.warm_up()
        engine._memory = Allowance()
        return engine

    def read(self, snapshots: Sequence[Snapshot]) -> None:
        """Read claimed snapshots and store what came of them; never raises for what a picture holds."""
        opened = _opened(snapshots)
        looked = self._analyse(list(opened), list(opened.values())) if opened else []
        if looked:
            self._store(looked, lending.beside(self.version))
        if self._memory.keep():
            log.info("memory_given_back")

    def look(self, jpeg: bytes) -> tuple[Analysis, float]:
        """What one picture shows, as ``look_at_all``."""
        [analysis], milliseconds = self.look_at_all([jpeg])
        return analysis, milliseconds

    def look_at_all(self, jpegs: Sequence[bytes]) -> tuple[list[Analysis], float]:
        """What pictures show, and the milliseconds in all by their number; the process ends if they take too long."""
        began = time.perf_counter()
        with die_after(settings.READING_TIME_LIMIT + settings.READING_TIME_LIMIT_EACH * (len(jpegs) - 1)):
            analyses = self.pipeline.analyse(jpegs)
        return analyses, (time.perf_counter() - began) * 1000 / len(jpegs)

    def _analyse(self, snapshots: Sequence[Snapshot], jpegs: Sequence[bytes]) -> list[Looked]:
        """Together; where one breaks that, one by one, so that it costs nobody else an attempt."""
        try:
            analyses, milliseconds = self.look_at_all(jpegs)
        except Exception:  # the one boundary: whatever a picture breaks becomes a counted attempt
            if len(snapshots) > 1:
                log.warning("batch_broken", snapshots=len(snapshots), exc_info=True)
                return [one for alone in zip(snapshots, jpegs, strict=True) for one in self._alone(*alone, snapshots)]
            log.exception("reading_crashed", snapshot=str(snapshots[0].pk), attempts=snapshots[0].attempts)
            give_up_or_retry(snapshots[0], "crashed")
            return []
        pairs = zip(snapshots, analyses, strict=True)
        # Of several at a time nobody knows what one would have taken.
        took = milliseconds if len(snapshots) == 1 else None
        return [Looked(snapshot, analysis, took) for snapshot, analysis in pairs]

    def _alone(self, snapshot: Snapshot, jpeg: bytes, batch: Sequence[Snapshot]) -> list[Looked]:
        renew(batch)  # one by one they may take longer than a batch, and are not to be taken for abandoned
        return self._analyse([snapshot], [jpeg])

    def _store(self, looked: Sequence[Looked], trial: ModelAlias | None) -> None:
        """Store what came of pictures, together; where that breaks, a person at a time, so that it is their attempt
        and nobody else's."""
        people = _by_person(looked)
        if len(people) == 1 or not self._stored_together(looked, trial):
            for own in people:
                self._store_own(own, trial)

    def _stored_together(self, looked: Sequence[Looked], trial: ModelAlias | None) -> bool:
        try:
            _say_lost(looked, store_all(looked, self.version, trial))
        except Exception:  # whatever one person's rows break
            log.warning("storing_broken", snapshots=len(looked), exc_info=True)
            # One by one it may take longer, and they are not to be taken for abandoned.
            with suppress(DatabaseError):
                renew([one.snapshot for one in looked])
            return False
        return True

    def _store_own(self, own: Sequence[Looked], trial: ModelAlias | None) -> None:
        try:
            _say_lost(own, store_all(own, self.version, trial))
        except Exception:  # the other half of the boundary; a database that is away lets nobody retry, and says so
            log.exception("storing_crashed", snapshots=[str(one.snapshot.pk) for one in own])
            self._give_back(own)

    def _give_back(self, own: Sequence[Looked]) -> None:
        try:
            for one in own:
                give_up_or_retry(one.snapshot, "crashed")
        except DatabaseError:  # then they are given back once they are stale; what others' pictures showed is stored
            log.exception("giving_back_crashed", snapshots=[str(one.snapshot.pk) for one in own])


def _say_lost(looked: Sequence[Looked], stored: Sequence[Snapshot]) -> None:
    for one in looked:
        if one.snapshot not in stored:
            log.info("claim_lost", snapshot=str(one.snapshot.pk))


def _by_person(looked: Sequence[Looked]) -> list[list[Looked]]:
    found: defaultdict[int, list[Looked]] = defaultdict(list)
    for one in looked:
        found[one.snapshot.user_id].append(one)
    return list(found.values())


def _opened(snapshots: Sequence[Snapshot]) -> dict[Snapshot, bytes]:
    """The pictures of those snapshots whose picture opens; the others are given up."""
    opened, keys = {}, keys_of({snapshot.user for snapshot in snapshots})
    for snapshot in snapshots:
        try:
            opened[snapshot] = pictures.look(snapshot.user, str(snapshot.pk), snapshot.picture, keys)
        except (SealBroken, FileNotFoundError) as error:
            # A discarded snapshot has no row left to finish, and nothing was lost.
            log.warning("picture_lost", snapshot=str(snapshot.pk), error=str(error))
            give_up(snapshot, "picture_lost")
        except OSError as error:
            log.warning("picture_unreadable", snapshot=str(snapshot.pk), error=str(error))
            give_up_or_retry(snapshot, "picture_lost")
    return opened


@contextmanager
def die_after(seconds: float) -> Iterator[None]:
    """Print every thread's stack and end the process if the block takes longer.

    A thread of C code can't be interrupted from Python; the process can only be ended and started again,
    which the supervisor does. The attempts of the rows were counted when they were claimed.
    """
    # The descriptor itself: Celery puts an object in sys.stderr's place that a dying process can't use.
    faulthandler.dump_traceback_later(seconds, exit=True, file=STDERR)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
