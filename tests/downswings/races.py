"""Several at once. ``python -m tests.downswings.races NAME`` runs one on the database of the settings."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import django

from tests.accounts.races import PASSWORD, Outcome, at_once

if TYPE_CHECKING:
    from journal.accounts.models import User
    from journal.downswings.models import Downswing

LOW_DAYS = 6
AT_WORK = 1.0  # seconds; a lock that is waited for outlasts them, and without one they are not used up


def lives(user: User) -> date:
    """Eighty quiet days and a few low ones, the newest of them the day before what is returned."""
    from django.utils import timezone

    from journal.moods.models import CheckIn
    from journal.moods.rollup import recompute_all

    today = timezone.now().date() - timedelta(days=1)  # before or after 04:00, that day is over
    values = [(0.2, -0.1, 0.05, -0.2, 0.1, -0.05, 0.0)[n % 7] for n in range(80)] + [-0.7] * LOW_DAYS
    CheckIn.objects.bulk_create(
        CheckIn(user=user, at=datetime.combine(day, time(10), UTC), zone="UTC", local_date=day, valence=value)
        for ago, value in enumerate(reversed(values))
        if (day := today - timedelta(days=ago))
    )
    recompute_all(user)
    return today


def following() -> Outcome:
    """Four workers look at the same person when their low stretch is new."""
    from journal.accounts.people import create_person
    from journal.downswings.models import Downswing, Watch
    from journal.downswings.watch import follow
    from journal.telling.models import Browser, Channel, Kind, Message, OptIn

    user = create_person("mira", PASSWORD)
    OptIn.objects.create(user=user, kind=Kind.DOWNSWING, channel=Channel.PUSH)
    Browser.objects.create(user=user, endpoint="https://push.example/1", p256dh="k", auth="a", name="one")
    lives(user)
    Watch.objects.create(user=user, on=True)
    outcomes = at_once(lambda index: follow(user))
    assert Message.objects.count() == 1
    return outcomes, Downswing.objects.count()


def meanwhile(act: Callable[[User, int], object], change: dict[str, Any]) -> tuple[bool, list[Downswing]]:
    """Somebody acts on their stretch while a worker follows changed days; what they were told, and what is kept."""
    from django.db import connection

    from journal.accounts.people import create_person
    from journal.downswings import choices, watch
    from journal.downswings.models import Downswing, Sensitivity
    from journal.moods.models import CheckIn
    from journal.moods.rollup import recompute

    user = create_person("mira", PASSWORD)
    newest = lives(user)
    choices.turn_on(user, Sensitivity.USUAL)
    row = Downswing.objects.get()
    done: list[bool] = []

    def work() -> None:
        done.append(bool(act(user, row.pk)))
        connection.close()

    person, match = threading.Thread(target=work), watch.match

    def matched(*args: Any) -> Any:
        """The worker has read the rows and not written them yet."""
        person.start()
        person.join(AT_WORK)
        return match(*args)

    days = [newest - timedelta(days=ago) for ago in range(LOW_DAYS)]
    CheckIn.objects.filter(user=user, local_date__in=days).update(**change)
    with patch.object(watch, "match", matched):
        recompute(user, days)
    person.join()
    return done[0], list(Downswing.objects.filter(user=user))


def dismissing() -> Outcome:
    """The stretch goes on: what was chosen is kept."""
    from journal.downswings.choices import dismiss

    done, (row,) = meanwhile(dismiss, {"valence": -0.9})
    assert row.end is None
    return ["kept" if done and row.dismissed_at else "lost"], 1


def answering() -> Outcome:
    """The stretch is edited away: the answer is kept, or said not to be."""
    from journal.downswings.choices import answer
    from journal.downswings.models import Downswing

    done, rows = meanwhile(lambda user, pk: answer(user, pk, Downswing.Answer.RIGHT), {"valence": 0.3})
    kept = any(row.answer for row in rows)
    return ["true" if done is kept else "lost"], len(rows)


RACES = {race.__name__: race for race in (following, dismissing, answering)}

if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    json.dump(RACES[sys.argv[1]](), sys.stdout)
