"""The person's answer to a reading. It is kept as a check-in, and it outranks the reading everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from inference.emotions import EMOTIONS
from journal.accounts.consent import hold_still
from journal.moods.models import CheckIn
from journal.readings.models import Reading


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
