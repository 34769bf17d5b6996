"""Several at once. ``python -m tests.downswings.races NAME`` runs one on the database of the settings."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, time, timedelta

import django

from tests.accounts.races import PASSWORD, Outcome, at_once

LOW_DAYS = 6


def following() -> Outcome:
    """Four workers look at the same person when their low stretch is new."""
    from django.utils import timezone

    from journal.accounts.people import create_person
    from journal.downswings.models import Downswing, Watch
    from journal.downswings.watch import follow
    from journal.moods.models import CheckIn
    from journal.moods.rollup import recompute_all
    from journal.telling.models import Browser, Channel, Kind, Message, OptIn

    user = create_person("mira", PASSWORD)
    OptIn.objects.create(user=user, kind=Kind.DOWNSWING, channel=Channel.PUSH)
    Browser.objects.create(user=user, endpoint="https://push.example/1", p256dh="k", auth="a", name="one")
    today = timezone.now().date() - timedelta(days=1)  # before or after 04:00, that day is over
    values = [(0.2, -0.1, 0.05, -0.2, 0.1, -0.05, 0.0)[n % 7] for n in range(80)] + [-0.7] * LOW_DAYS
    CheckIn.objects.bulk_create(
        CheckIn(user=user, at=datetime.combine(day, time(10), UTC), zone="UTC", local_date=day, valence=value)
        for ago, value in enumerate(reversed(values))
        if (day := today - timedelta(days=ago))
    )
    recompute_all(user)
    Watch.objects.create(user=user, on=True)
    outcomes = at_once(lambda index: follow(user))
    assert Message.objects.count() == 1
    return outcomes, Downswing.objects.count()


RACES = {race.__name__: race for race in (following,)}

if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    json.dump(RACES[sys.argv[1]](), sys.stdout)
