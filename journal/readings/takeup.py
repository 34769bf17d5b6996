"""A running worker takes up a new champion beside its reading, or keeps the old one and says why."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from inference.bundle import BundleError
from journal.readings.models import Reader
from journal.registry.champion import in_charge
from journal.registry.models import ModelAlias, ModelVersion

if TYPE_CHECKING:
    from journal.readings.engine import Engine

EVERY: Final = 2.0  # seconds between two looks at who is in charge
SEEN_EVERY: Final = timedelta(seconds=30)
GONE_AFTER: Final = timedelta(seconds=120)
log = structlog.get_logger(__name__)


class Succession:
    """The engine that a worker reads with, and the thread that puts the champion's in its place.

    The old one goes on reading while the new one loads; the exchange is one assignment, between two batches.
    """

    def __init__(self, worker: str, engine: Engine, load: Callable[[ModelVersion], Engine]) -> None:
        self.worker, self.engine = worker, engine
        self._load = load
        self._trouble = ""
        self._noted = timezone.now() - SEEN_EVERY

    def follow(self, stopping: threading.Event) -> None:
        """Look every two seconds until the worker stops."""
        while not stopping.wait(EVERY):
            close_old_connections()  # this thread's own; nobody else closes it once the database went away
            self.look_once()

    def look_once(self) -> None:
        """Take up the champion if it is another; a database that is away is asked again the next time."""
        try:
            alias = in_charge()
            if alias is not None and alias.version_id != self.engine.version.pk:
                self._take_up(alias)
            elif self._trouble:
                self._say("")
            self._note(only_if_due=True)
        except DatabaseError as error:
            log.warning("champion_unknown", error=str(error))

    def _take_up(self, alias: ModelAlias) -> None:
        try:
            successor = self._load(alias.version)
        except (BundleError, OSError) as error:
            self._say(str(error), wanted=alias.version.name)
            return
        self.engine = successor
        seconds = (timezone.now() - alias.changed_at).total_seconds()
        log.info("champion_taken_up", worker=self.worker, model=alias.version.name, seconds=round(seconds, 2))
        self._trouble = ""
        self._note()

    def _say(self, trouble: str, wanted: str = "") -> None:
        """Said once in the log, and on the versions page for as long as it lasts."""
        if trouble != self._trouble:
            self._trouble = trouble
            if trouble:
                kept = self.engine.version.name
                log.error("champion_not_taken_up", worker=self.worker, wanted=wanted, kept=kept, reason=trouble)
            self._note()

    def _note(self, only_if_due: bool = False) -> None:
        now = timezone.now()
        if only_if_due and now - self._noted < SEEN_EVERY:
            return
        self._noted = now
        values = {"version": self.engine.version, "seen_at": now, "trouble": self._trouble}
        Reader.objects.filter(seen_at__lt=now - GONE_AFTER).delete()
        row, created = Reader.objects.get_or_create(worker=self.worker, defaults={**values, "since": now})
        if not created:
            since = row.since if row.version_id == self.engine.version.pk else now
            Reader.objects.filter(pk=row.pk).update(**values, since=since)
