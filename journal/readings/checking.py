"""A worker's part in taking a version in: load it, and read the drawn face."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from inference.bundle import BundleError
from journal.readings.smoke import drawn_face, verdict
from journal.registry import check
from journal.registry.models import ModelVersion
from journal.registry.storage import StorageAway

if TYPE_CHECKING:
    from journal.readings.engine import Engine

log = structlog.get_logger(__name__)


def check_version(pk: int, engine_of: Callable[[ModelVersion], Engine]) -> None:
    """Do the smoke reading that ends a version's check, one way or the other."""
    version = check.begin(pk)
    if version is None:
        return
    try:
        check.passed(version, verdict(*engine_of(version).look(drawn_face())))
    except StorageAway as error:
        log.warning("check_postponed", version=version.name, reason=str(error))
        check.postpone(version)
    except (BundleError, ValueError) as error:
        check.fail(version, str(error))
    except Exception:  # the one boundary: whatever a network breaks is a counted attempt, tried again by the bell
        log.exception("check_crashed", version=version.name, attempts=version.attempts)
