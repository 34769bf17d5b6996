"""The life of the workers that read: one loads the champion before its first message, one reads along when asked."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any, Final

import structlog
from celery.signals import celeryd_after_setup, worker_shutting_down
from django.conf import settings

from inference.bundle import BundleError
from journal.readings.presence import EVERY, Presence, announce
from journal.readings.takeup import Succession
from journal.registry.champion import champion
from journal.registry.models import ModelVersion
from journal.snapshots.claim import release_of

if TYPE_CHECKING:
    from journal.readings.engine import Engine

# How much the worker that reads along gives way to everything else on the machine (nice).
GIVES_WAY: Final = 19
log = structlog.get_logger(__name__)
_stopping = threading.Event()
_succession: Succession | None = None
_along: Engine | None = None


def load(version: ModelVersion, threads: int | None = None) -> Engine:
    """A warm engine of a version. Raises ``BundleError``."""
    from journal.readings.engine import Engine  # imported in these workers alone: a web process stays small

    return Engine.start(version, threads or settings.INFERENCE_THREADS)


def engine() -> Engine:
    """This worker's engine: the champion's, as far as it could be taken up."""
    return succession().engine


def succession(worker: str = "") -> Succession:
    global _succession
    if _succession is None:
        _succession = Succession(worker, load(champion()), load)
    return _succession


def engine_of(version: ModelVersion) -> Engine:
    """An engine of any version, for the worker that reads along: the latest one is kept. Raises ``BundleError``."""
    global _along
    if _along is None or _along.version.pk != version.pk:
        _along = None  # before the next one: never two networks in this worker's memory
        _along = load(version, threads=1)
    return _along


@celeryd_after_setup.connect
def warm_up(sender: str, **kwargs: Any) -> None:
    """Load and warm the engine in workers named ``inference@...``, before they take their first message."""
    if sender.startswith("shadow@"):
        os.nice(GIVES_WAY)
    if not sender.startswith("inference@"):
        return
    announce(Presence.WARMING)
    try:
        follower = succession(sender)
    except BundleError as error:
        log.critical("bundle_refused", reason=str(error))
        announce(Presence.REFUSED)
        raise SystemExit(3) from error
    except Exception as error:  # Celery would carry on without an engine; the supervisor starts us again
        log.critical("engine_failed", exc_info=True)
        raise SystemExit(4) from error
    release_of(sender)
    version = follower.engine.version
    log.info("engine_ready", model=version.name, sha256=version.sha256)
    threading.Thread(target=_keep_announcing, name="presence", daemon=True).start()
    threading.Thread(target=follower.follow, args=[_stopping], name="take-up", daemon=True).start()


@worker_shutting_down.connect
def stop_announcing(**kwargs: Any) -> None:
    if _succession is not None:
        _stopping.set()
        announce(Presence.WARMING)


def _keep_announcing() -> None:
    announce(Presence.READY)
    while not _stopping.wait(EVERY):
        announce(Presence.READY)
