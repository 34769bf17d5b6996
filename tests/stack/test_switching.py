"""The champion changes back and forth under load: nothing is lost, nothing is read twice, every reading is true."""

from __future__ import annotations

import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.bundles import shipped_zip
from tests.pictures import encode, webcam
from tests.site import ROOT, Site, Visitor, eventually, running

pytestmark = pytest.mark.stack
PICTURE = encode(webcam((320, 240)))
SWITCHES = 20


@contextmanager
def second_worker(site: Site) -> Iterator[None]:
    """Another process that reads from the same queue, on the same data."""
    url = (site.home / "run" / "redis.url").read_text().strip()
    command = [
        *(sys.executable, "-m", "celery", "--quiet", "--app", "journal", "worker", "--queues", "inference"),
        *("--hostname", "inference@second", "--pool", "solo", "--loglevel", "WARNING", "--without-gossip"),
    ]
    log = (site.home.parent / "second.log").open("w")
    environment = site.environment | {"REDIS_URL": url, "PUBLIC_URL": site.url, "PYTHONUNBUFFERED": "1"}
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        ready = "SELECT id FROM readings_reader WHERE worker = 'inference@second'"
        eventually(lambda: rows(site, ready), 120, "the second worker never got ready")
        yield
    finally:
        worker.terminate()
        worker.wait(30)
        log.close()


def rows(site: Site, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{site.home}/moodtide.sqlite3?mode=ro", uri=True, timeout=20) as database:
        return database.execute(query).fetchall()


def bring_in(site: Site, owner: Visitor, folder: Path) -> tuple[int, int]:
    """Register and approve a second version; the ids of both."""
    path = folder / "again.zip"
    # Another temperature: the same picture gets other numbers, so that a reading shows by whom it is.
    calibration = {"kind": "temperature", "temperature": 3.0, "fitted_on": "nothing"}
    path.write_bytes(shipped_zip("again", calibration=calibration))
    environment = site.environment | {"REDIS_URL": (site.home / "run" / "redis.url").read_text().strip()}
    command = [sys.executable, "manage.py", "register_model", str(path)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    query = "SELECT id FROM registry_modelversion WHERE name='again' AND status='candidate'"
    [[second]] = eventually(lambda: rows(site, query), 120, "its check never ended")
    owner.post(f"/admin/versions/{second}/review", {"verdict": "approve", "reason": "The same weights."})
    [[first]] = rows(site, "SELECT version_id FROM registry_modelalias WHERE name='champion'")
    return int(str(first)), int(str(second))


def test_twenty_switches_under_load(tmp_path: Path) -> None:
    with running(tmp_path / "home", INFERENCE_THREADS="1") as site:
        site.wait_until_reading()
        owner = Visitor(site.url)
        owner.become_owner()
        first, second = bring_in(site, owner, tmp_path)
        with second_worker(site):
            done, sent = threading.Event(), []
            uploads = threading.Thread(target=upload, args=(owner, done, sent))
            uploads.start()
            try:
                times = switch_back_and_forth(site, first, second)
            finally:
                done.set()
                uploads.join()
            eventually(lambda: not waiting(site), 180, "some snapshots were never read")
        check(site, sent, {first, second})
    usual, slowest = statistics.median(times), max(times)
    print(f"{len(sent)} snapshots, {SWITCHES} switches, taken up by both after {usual:.1f} s, {slowest:.1f} s at most")
    assert slowest <= 10


def upload(owner: Visitor, done: threading.Event, sent: list[str]) -> None:
    while not done.is_set():
        answer = owner.shoot(PICTURE)
        assert answer.status == 201
        sent.append(answer.json()["id"])
        time.sleep(0.15)  # the load, not a wait: about as fast as two workers read


def switch_back_and_forth(site: Site, first: int, second: int) -> list[float]:
    """Switch once both workers have taken up the one before; the seconds from each switch until both had."""
    times = []
    administrator = Visitor(site.url)
    administrator.sign_in()
    for number in range(SWITCHES):
        old, new = (first, second) if number % 2 == 0 else (second, first)
        answer = administrator.post(
            f"/admin/versions/{new}/switch", {"reason": f"Number {number}", "instead_of": str(old)}
        )
        switched = time.monotonic()
        assert "It is in charge" in answer.text
        eventually(partial(following, site, new), 60, "a worker never took it up")
        times.append(time.monotonic() - switched)
    return times


def following(site: Site, wanted: int) -> bool:
    found = rows(site, "SELECT version_id FROM readings_reader WHERE worker LIKE 'inference@%'")
    return [version for (version,) in found] == [wanted, wanted]


def waiting(site: Site) -> list[tuple[object, ...]]:
    return rows(site, "SELECT id FROM snapshots_snapshot WHERE status IN ('queued', 'processing')")


def check(site: Site, sent: list[str], versions: set[int]) -> None:
    """Every snapshot was read, once, and by the version that its row names: the numbers are that version's."""
    found = rows(
        site,
        "SELECT s.id, s.status, s.version_id, r.version_id, s.attempts, r.happiness FROM snapshots_snapshot s "
        "LEFT JOIN readings_reading r ON r.snapshot_id = s.id AND r.role = 'champion'",
    )
    assert len(found) == len(sent) == len({row[0] for row in found})
    assert {row[1] for row in found} == {"done"}
    assert all(row[2] == row[3] for row in found)
    assert {row[4] for row in found} == {1}
    assert {row[3] for row in found} == versions
    says = {version: {round(float(str(row[5])), 3) for row in found if row[3] == version} for version in versions}
    assert [len(values) for values in says.values()] == [1, 1], says
    assert len(set.union(*says.values())) == 2, "both versions say the same of this picture"
