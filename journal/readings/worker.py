"""The life of the inference worker: load the champion before the first message, and say so."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import structlog
from celery.signals import celeryd_after_setup, worker_shutting_down

from inference.bundle import BundleError
from journal.readings.presence import EVERY, Presence, announce
from journal.snapshots.claim import release_of

if TYPE_CHECKING:
    from journal.readings.engine import Engine

log = structlog.get_logger(__name__)
_stopping = threading.Event()
_engine: Engine | None = None


def engine() -> Engine:
    """This worker's engine, loaded once."""
    global _engine
    if _engine is None:
        from journal.readings.engine import Engine  # imported in the worker alone: a web process stays small

        _engine = Engine.start()
    return _engine


@celeryd_after_setup.connect
def warm_up(sender: str, **kwargs: Any) -> None:
    """Load and warm the engine in workers named ``inference@...``, before they take their first message."""
    if not sender.startswith("inference@"):
        return
    announce(Presence.WARMING)
    try:
        version = engine().version
    except BundleError as error:
        log.critical("bundle_refused", reason=str(error))
        announce(Presence.REFUSED)
        raise SystemExit(3) from error
    except Exception as error:  # Celery would carry on without an engine; the supervisor starts us again
        log.critical("engine_failed", exc_info=True)
        raise SystemExit(4) from error
    release_of(sender)
    log.info("engine_ready", model=version.name, sha256=version.sha256)
    threading.Thread(target=_keep_announcing, name="presence", daemon=True).start()


@worker_shutting_down.connect
def stop_announcing(**kwargs: Any) -> None:
    if _engine is not None:
        _stopping.set()
        announce(Presence.WARMING)


def _keep_announcing() -> None:
    announce(Presence.READY)
    while not _stopping.wait(EVERY):
        announce(Presence.READY)
