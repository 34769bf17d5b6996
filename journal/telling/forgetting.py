"""Messages that have been told are forgotten, once nobody can call for them again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.utils import timezone

from journal.telling.models import Kind, Message

# A reminder's key names its day, so that it is never called for again. What tells of a downswing stays with its key:
# without the row the same one would be told anew.
KEPT: Final[Mapping[Kind, timedelta]] = {Kind.REMINDER: timedelta(days=7), Kind.TEST: timedelta(days=1)}


def forget_told() -> int:
    """Delete what is older than ``KEPT``; return how many messages there were."""
    now, gone = timezone.now(), 0
    for kind, kept in KEPT.items():
        _rows, by_model = Message.objects.filter(kind=kind, expires_at__lt=now - kept).delete()
        gone += by_model.get(Message._meta.label, 0)
    return gone
