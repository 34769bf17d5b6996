"""Part of ``make bench``: how long a look at one person and the nightly sweep take. Prints; asserts nothing.

Clock and processor time, since the machine may be busy with other things; ratios within one run mean something.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

TODAY = date.today()
YEAR, DECADE = 365, 3653
CHUNKS = 4  # different simulated ones, in turns


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench_downswings", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000, help="of the sweep's arithmetic")
    parser.add_argument("--rows", type=int, default=4_000, help="people of the sweep over a database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="moodtide-bench-") as home, own_database(Path(home)):
        one_person()
        arithmetic(options.people)
        over_a_database(options.rows)
    return 0


@contextmanager
def own_database(home: Path) -> Iterator[None]:
    os.environ |= {"MOODTIDE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "journal.settings"}
    os.environ.pop("DATABASE_URL", None)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    yield


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Clock and processor seconds."""
    clock, own = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - own


def best(work: Callable[[], Any], rounds: int = 7) -> tuple[float, float]:
    runs = [timed(work) for _ in range(rounds)]
    return min(run[0] for run in runs), min(run[1] for run in runs)


def say(what: str, clock: float, own: float) -> None:
    print(f"{what:<62} {clock:9.4f} s clock {own:9.4f} s processor", flush=True)


def one_person() -> None:
    """Ten years of days, a fifth of them missing."""
    from journal.accounts.models import User
    from journal.downswings.days import days_of, points_of
    from journal.downswings.models import Watch
    from journal.downswings.watch import follow

    user = User.objects.create_user("decade")
    watch = Watch.objects.create(user=user, on=True)
    insert([(user.pk, *row) for row in simulated(1, DECADE)[0]])
    print(f"one person, {len(days_of(user, None, TODAY))} days of ten years")
    say("  the chart and its rows", *best(lambda: points_of(user, watch, TODAY)))
    say("  all that a changed day costs (lock, chart, writing)", *best(lambda: follow(user)))


def arithmetic(people: int) -> None:
    """The sweep's own work on rows that are already here."""
    from journal.downswings.chart import USUAL
    from journal.downswings.many import charts
    from journal.downswings.sweep import CHUNK, Due, arrange

    chunks = []
    for number in range(CHUNKS):
        lives = simulated(CHUNK, YEAR, seed=number)
        chunks.append([(who, *row) for who, rows in enumerate(lives) for row in rows])
    due = [Due(who, None, "usual", TODAY - timedelta(days=1)) for who in range(CHUNK)]

    def work(many: int) -> None:
        for number in range(many // CHUNK):
            table = arrange(due, chunks[number % CHUNKS])
            assert table is not None
            charts(table.lives, width=USUAL)

    print("the sweep's arithmetic, a year of days each")
    for many in (people // 4, people // 2, people):
        say(f"  {many:,} people", *timed(lambda: work(many)))  # noqa: B023


def over_a_database(people: int) -> None:
    """The whole sweep, once after the first night and once when it was done before."""
    from journal.accounts.models import User
    from journal.downswings.models import Downswing, Watch
    from journal.downswings.sweep import sweep

    print("the whole night over an SQLite file, a year of days each")
    for many in (people // 4, people // 2, people):
        User.objects.all().delete()
        for at in range(0, many, 500):
            users = User.objects.bulk_create(User(username=f"p{at + n}") for n in range(min(500, many - at)))
            profiles(users)
            lives = simulated(len(users), YEAR, seed=at)
            insert([(user.pk, *row) for user, rows in zip(users, lives, strict=True) for row in rows])
            Watch.objects.bulk_create(Watch(user=user, on=True) for user in users)
        say(f"  {many:,} people, the first night", *timed(sweep))
        Watch.objects.update(swept=TODAY - timedelta(days=2))
        say(f"  {many:,} people, any other night", *timed(sweep))
        print(f"    of whom are low: {Downswing.objects.filter(end=None).count()}")


def profiles(users: list[Any]) -> None:
    from journal.accounts.models import Profile

    Profile.objects.bulk_create(Profile(user=user) for user in users)


def simulated(people: int, days: int, seed: int = 1) -> list[list[tuple[Any, ...]]]:
    """For each person (day, said, seen, version): the lives of ``simulate``, half of the days by the camera alone."""
    import numpy as np

    from journal.downswings.evidence.simulate import SD, Kind, draw

    rng = np.random.default_rng(seed)
    drawn = draw(rng, people, days, Kind())
    by_camera = rng.random(drawn.mood.shape) < 0.5
    values = np.clip(0.1 + SD * drawn.mood, -1, 1)
    first = TODAY - timedelta(days=days)
    return [
        [
            (first + timedelta(days=int(n)), *((None, v, 1) if by_camera[n, who] else (v, None, None)))
            for n in np.flatnonzero(drawn.observed[:, who])
            for v in [float(values[n, who])]
        ]
        for who in range(people)
    ]


def insert(rows: list[tuple[Any, ...]]) -> None:
    """Rows of daily moods, past the ORM's objects."""
    from django.db import connection, transaction

    from journal.registry.models import ModelVersion

    version, _made = ModelVersion.objects.get_or_create(
        sha256="b", defaults={"name": "b", "manifest": {}, "source": ""}
    )
    columns = "user_id, local_date, said, camera, version_id, valence, source, check_ins, readings, weights"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO moods_dailymood ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s, 1, 1, '')",  # noqa: S608
            [
                (user, when.isoformat(), said, seen, version.pk if seen is not None else None,
                 said if said is not None else seen, "said" if said is not None else "camera")
                for user, when, said, seen, _version in rows
            ],
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
