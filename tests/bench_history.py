"""Part of ``make bench``: a chart's data for ten years of six readings a day, alone and among 10,000 other people.

Prints; asserts nothing. Runs in a process of its own for each database: ``python -m tests.bench_history [--people N]``.
"""

# ruff: noqa: S608  (statements made of our own tables' names and of numbers)
from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests import postgres

if TYPE_CHECKING:
    from journal.accounts.models import User

LAST = date(2026, 11, 20)
DAYS, HOURS = 3650, (8, 11, 14, 17, 20, 22)
PEOPLE, EACH = 10_000, 100
ROUNDS = 7


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench_history", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(measure(options.people)))
        return 0
    servers: dict[str, AbstractContextManager[str]] = {"SQLite": nullcontext(""), "PostgreSQL": postgres.server()}
    for name, server in servers.items():
        with server as url:
            print(as_table(f"{name}, {options.people:,} others of {EACH} readings each", run(options.people, url)))
    return 0


def run(people: int, url: str) -> dict[str, Any]:
    """The figures of one database, from a process that knows no other."""
    with tempfile.TemporaryDirectory(prefix="moodtide-bench-") as home:
        environment = os.environ | {"MOODTIDE_HOME": home, "DATABASE_URL": url, "REDIS_URL": "redis://127.0.0.1:1/0"}
        command = [sys.executable, "-m", "tests.bench_history", "--inside", "--people", str(people)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def as_table(title: str, figures: dict[str, Any]) -> str:
    rows = [f"{'':24}{'alone':>10}{'in a crowd':>12}{'ratio':>8}{'queries':>9}{'kB':>7}"]
    for name, row in figures.items():
        ratio = row["crowd_ms"] / row["alone_ms"]
        rows.append(
            f"{name:24}{row['alone_ms']:7.1f} ms{row['crowd_ms']:9.1f} ms{ratio:8.2f}{row['queries']:9}{row['kB']:7.0f}"
        )
    return "\n".join([title, *rows, ""])


def measure(people: int) -> dict[str, Any]:
    """Median milliseconds of each chart's data before and after the others move in."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "journal.settings"
    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_test_environment

    call_command("migrate", verbosity=0)
    setup_test_environment()
    person, client = ten_years(), Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    alone = all_charts(client)
    crowd(person, people)
    return {name: row | {"crowd_ms": again["alone_ms"]} for (name, row), again in zip(
        alone.items(), all_charts(client).values(), strict=True)}  # fmt: skip


def all_charts(client: Any) -> dict[str, dict[str, Any]]:
    year, fortnight = LAST - timedelta(days=364), LAST - timedelta(days=13)
    asked = {
        "all time, by the week": f"/history/data?from={LAST - timedelta(days=DAYS)}&to={LAST}",
        "a year, by the day": f"/history/data?from={year}&to={LAST}",
        "two weeks, by the hour": f"/history/data?from={fortnight}&to={LAST}",
        "years in pixels": "/history/calendar",
        "when, and what with what": "/history/patterns",
    }
    return {name: chart(client, address) for name, address in asked.items()}


def chart(client: Any, address: str) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    asked = [query["sql"] for query in queries]
    return {
        "alone_ms": median_ms(lambda: client.get(address)),
        "queries": sum("moods_" in sql or "readings_" in sql for sql in asked),
        "kB": len(answer.content) / 1000,
    }


def median_ms(work: Callable[[], object]) -> float:
    times = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def ten_years(name: str = "ada") -> User:
    """Somebody with six readings on each day of ten years."""
    from inference.emotions import EMOTIONS
    from journal.accounts.people import create_person
    from journal.moods.rollup import recompute_all
    from journal.readings.models import Reading
    from journal.registry.shipped import register_shipped
    from journal.snapshots.models import Snapshot

    person, version, dice = (
        create_person(name, "a quiet tide at noon", "Europe/Berlin"),
        register_shipped(),
        random.Random(1),
    )
    snapshots, readings = [], []
    for ago in range(DAYS):
        day = LAST - timedelta(days=ago)
        for hour in HOURS:
            at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
            snapshot = Snapshot(
                user=person, client_id=uuid.uuid4(), taken_at=at, zone="Europe/Berlin", local_date=day,
                status=Snapshot.Status.DONE, outcome="read",
            )  # fmt: skip
            shares = [dice.random() for _emotion in EMOTIONS]
            mixture = {name: share / sum(shares) for name, share in zip(EMOTIONS, shares, strict=True)}
            snapshots.append(snapshot)
            readings.append(
                Reading(
                    snapshot=snapshot, version=version, **mixture, present=[],
                    box_left=0, box_top=0, box_right=1, box_bottom=1, score=1,
                )
            )  # fmt: skip
    Snapshot.objects.bulk_create(snapshots, batch_size=2000)
    Reading.objects.bulk_create(readings, batch_size=2000)
    recompute_all(person)
    return person


def crowd(person: User, people: int) -> None:
    """Others with the first readings of that person: copied inside the database, a million rows in seconds."""
    from django.db import connection

    from journal.accounts.models import User
    from journal.moods.models import DailyMood
    from journal.readings.models import Reading
    from journal.snapshots.models import Snapshot

    User.objects.bulk_create((User(username=f"other-{number}") for number in range(people)), batch_size=2000)
    others = f"SELECT id FROM {User._meta.db_table} WHERE id <> {person.pk}"
    new_id = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    first = f"SELECT * FROM {Snapshot._meta.db_table} WHERE user_id = {person.pk} ORDER BY taken_at LIMIT {EACH}"
    with connection.cursor() as cursor:
        cursor.execute(copy(Snapshot, {"id": new_id, "user_id": "o.id"}, f"({first}) s CROSS JOIN ({others}) o"))
        cursor.execute(
            copy(
                Reading,
                {"snapshot_id": "theirs.id"},
                f"{Reading._meta.db_table} s JOIN ({first}) mine ON s.snapshot_id = mine.id"
                f" JOIN {Snapshot._meta.db_table} theirs"
                f" ON theirs.client_id = mine.client_id AND theirs.user_id <> {person.pk}",
            )
        )
        days = f"SELECT * FROM {DailyMood._meta.db_table} WHERE user_id = {person.pk} ORDER BY local_date LIMIT 17"
        cursor.execute(copy(DailyMood, {"user_id": "o.id"}, f"({days}) s CROSS JOIN ({others}) o"))
        cursor.execute("ANALYZE")


def copy(model: Any, instead: dict[str, str], source: str) -> str:
    """An INSERT of a model's rows from ``source``, named ``s``, with some columns replaced; counted ids are new."""
    columns = [field.column for field in model._meta.concrete_fields]
    if "id" not in instead:
        columns.remove("id")
    values = [instead.get(column, f"s.{column}") for column in columns]
    quoted = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {model._meta.db_table} ({quoted}) SELECT {', '.join(values)} FROM {source}"


if __name__ == "__main__":
    sys.exit(main())
