"""Is a worker there to read? What the worker announces and the pages ask."""

from __future__ import annotations

import time
from enum import StrEnum
from typing import Final

import redis.exceptions
import structlog
from django.core.cache import caches

KEY: Final = "inference-worker"
LIFE: Final = 15  # seconds that an announcement holds
EVERY: Final = 5.0
# After a start of the whole site the worker needs a while before it can announce anything.
GRACE: Final = 20.0
_started = time.monotonic()
log = structlog.get_logger(__name__)


class Presence(StrEnum):
    READY = "ready"
    WARMING = "warming"
    REFUSED = "refused"
    AWAY = "away"


def announce(presence: Presence) -> None:
    """Say what this worker is up to; a silent broker is reported, not fatal."""
    try:
        caches["shared"].set(KEY, presence.value, LIFE if presence is not Presence.REFUSED else 4 * LIFE)
    except redis.exceptions.RedisError as error:
        log.warning("presence_unheard", error=str(error))


def presence() -> Presence:
    """What the worker last said; AWAY if it has been silent, WARMING right after a start of the site."""
    try:
        said = caches["shared"].get(KEY)
    except redis.exceptions.RedisError as error:
        log.warning("presence_unknown", error=str(error))
        said = None
    if said is not None:
        return Presence(said)
    return Presence.WARMING if time.monotonic() - _started < GRACE else Presence.AWAY
