"""The person's answer to a reading. It is kept as a check-in, and it outranks the reading everywhere."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from inference.emotions import EMOTIONS
from journal.accounts.consent import hold_still
from journal.accounts.models import User
from journal.moods.models import CheckIn
from journal.readings.models import Reading

# A face of this morning says little about this evening.
OFFERED_FOR: Final = timedelta(hours=3)


class UnknownEmotion(ValueError):
    """A word that is none of the eight emotions."""


@transaction.atomic
def answer(reading: Reading, felt_right: bool, emotions: Sequence[str]) -> CheckIn:
    """Keep whether a reading felt right, and what was felt; a second answer replaces the first.

    A reading that felt right is kept with the emotions that it found. Raises ``UnknownEmotion``.
    """
    felt = reading.present if felt_right else emotions
    if unknown := set(felt) - set(EMOTIONS):
        raise UnknownEmotion(", ".join(sorted(unknown)))
    snapshot = reading.snapshot
    hold_still(snapshot.user)
    check_in, _created = CheckIn.objects.update_or_create(
        reading=reading,
        defaults={
            "user_id": snapshot.user_id,
            "at": snapshot.taken_at,
            "zone": snapshot.zone,
            "local_date": snapshot.local_date,
            "emotions": [emotion for emotion in EMOTIONS if emotion in set(felt)],
            "felt_right": felt_right,
            "deleted_at": None,
        },
    )
    return check_in


def take_back(reading: Reading, emotions: Sequence[str]) -> None:
    """Leave a reading unanswered again, if its answer is still this one and not a later one."""
    for check_in in CheckIn.objects.filter(reading=reading):
        if set(check_in.emotions) == set(emotions):
            check_in.delete()  # one by one, so that its day hears of it


def offered(user: User) -> Reading | None:
    """The newest reading of the last hours that saw something and has no answer yet: a check-in may take it over."""
    since = timezone.now() - OFFERED_FOR
    rows = Reading.objects.filter(snapshot__user=user, role=Reading.Role.CHAMPION, snapshot__taken_at__gte=since)
    newest = rows.select_related("snapshot", "version", "check_in").order_by("-snapshot__taken_at", "-pk").first()
    if newest is None or not newest.present or hasattr(newest, "check_in"):
        return None
    return newest


def own_reading(user: User, snapshot: uuid.UUID | None) -> Reading | None:
    """What the champion read in a person's snapshot; None also where it was discarded meanwhile."""
    rows = Reading.objects.filter(snapshot__user=user, snapshot=snapshot, role=Reading.Role.CHAMPION)
    return rows.first() if snapshot else None
