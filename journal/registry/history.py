"""What was decided about versions: added to, read, and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from journal.registry.models import Decision, ModelVersion

SWITCHES: Final = (Decision.Kind.IN_CHARGE, Decision.Kind.WENT_BACK)


def note(
    version: ModelVersion,
    kind: Decision.Kind,
    by: int | None = None,
    reason: str = "",
    instead_of: ModelVersion | None = None,
) -> Decision:
    """Write down one decision."""
    row: Decision = Decision.objects.create(
        version=version, name=version.name, kind=kind, by_id=by, reason=reason, instead_of=instead_of
    )
    return row


def switches(since: datetime, until: datetime) -> Sequence[tuple[datetime, str]]:
    """When another version was put in charge, and its name, the earliest first. The site's first doesn't count."""
    rows = Decision.objects.filter(kind__in=SWITCHES, at__gte=since, at__lt=until).exclude(instead_of=None)
    return list(rows.order_by("id").values_list("at", "name"))
