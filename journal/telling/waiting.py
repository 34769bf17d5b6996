"""What waits for a later hour, when the hours change."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from journal.telling import channels, doorbell
from journal.telling.models import Delivery, Kind, Message
from journal.telling.tell import LIFE


def wait_anew(person: int) -> None:
    """Put each message of a person that waits for their hours where those of now put it; call it in a transaction.

    What was tried already waits for another reason, and is left alone.
    """
    now = timezone.now()
    rows = Delivery.objects.filter(message__user=person, state=Delivery.State.QUEUED, attempts=0, not_before__gt=now)
    moved = list(rows.annotate(kind=F("message__kind")))
    free = {kind: channels.free_from([person], kind, now)[person] for kind in {Kind(row.kind) for row in moved}}
    for kind, moment in free.items():
        same = [row for row in moved if row.kind == kind]
        # Only what still waits: a worker may have looked at it meanwhile.
        rows.filter(pk__in=[row.pk for row in same]).update(not_before=moment, rung_at=None)
        Message.objects.filter(pk__in=[row.message_id for row in same]).update(expires_at=moment + LIFE[kind])
        for row in same:
            row.not_before = moment
    doorbell.ring_on_commit(moved)
