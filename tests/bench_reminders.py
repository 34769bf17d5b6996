"""``python -m tests.bench_reminders``: how long a minute's round of reminders takes among 10,000 people.

Prints; asserts nothing. On SQLite in a temporary folder, or on the database that ``DATABASE_URL`` names.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from unittest import mock

PEOPLE, DAYS = 10_000, 10
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="moodtide-bench-") as folder:
        os.environ["MOODTIDE_HOME"] = folder
        os.environ["REDIS_URL"] = "redis://127.0.0.1:1/0"
        os.environ["EMAIL_HOST"] = "127.0.0.1"
        os.environ["DJANGO_SETTINGS_MODULE"] = "journal.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        populate()
        measure()
    return 0


def populate() -> None:
    """People with two times a day, one of them at 20:30, and ten days each; every second one wrote today."""
    from allauth.account.models import EmailAddress

    from journal.accounts.models import Profile, User
    from journal.moods.models import DailyMood, Reminder
    from journal.telling.models import Channel, Kind, OptIn

    people = User.objects.bulk_create([User(username=f"p{n}", password="-") for n in range(PEOPLE)])
    Profile.objects.bulk_create([Profile(user=p, zone="Europe/Berlin") for p in people])
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=p, email=f"{p.username}@example.org", verified=True, primary=True) for p in people]
    )
    OptIn.objects.bulk_create([OptIn(user=p, kind=Kind.REMINDER, channel=Channel.EMAIL) for p in people])
    evening = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
    for minutes, at in ((0, clock(20, 30)), (90, clock(22))):
        Reminder.objects.bulk_create(
            [Reminder(user=p, at=at, days=127, next_at=evening + timedelta(minutes=minutes)) for p in people]
        )
    today = date(2026, 11, 20)
    rows = [
        DailyMood(user=person, local_date=today - timedelta(days=ago), check_ins=1)
        for n, person in enumerate(people)
        for ago in range(1 - n % 2, DAYS)
    ]
    DailyMood.objects.bulk_create(rows, batch_size=5000)


def measure() -> None:
    from django.db import connection

    from journal.moods.models import Reminder
    from journal.moods.reminders import remind_due
    from journal.telling import doorbell
    from journal.telling.models import Delivery

    print(f"{connection.vendor}, {PEOPLE} people, {Reminder.objects.count()} times")
    with mock.patch.object(doorbell, "_ring", lambda pk: True):
        timed("a minute in which nobody is due", NOON, remind_due)
        timed("20:30, all are due and every second one wrote", NOON + timedelta(hours=7, minutes=30), remind_due)
        timed("the minute after", NOON + timedelta(hours=7, minutes=31), remind_due)
    print(f"{Delivery.objects.count()} deliveries wait")


def timed(what: str, now: datetime, work: Callable[[], int]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    with mock.patch.object(timezone, "now", lambda: now):
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            told = work()
        print(f"{what}: {told} told, {time.perf_counter() - started:.3f} s, {len(queries)} queries")


if __name__ == "__main__":
    sys.exit(main())
