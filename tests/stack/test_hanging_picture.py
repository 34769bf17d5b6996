"""A picture that hangs the worker fails alone."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from tests.pictures import encode, webcam
from tests.site import Visitor, running, state

pytestmark = pytest.mark.stack
HANGING = Path(__file__).parent / "hanging"


def test_a_picture_that_hangs_the_worker_fails_and_others_are_read(tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(HANGING), "READING_TIME_LIMIT": "2", "READING_ATTEMPTS": "2"}
    with running(tmp_path / "home", **environment) as site:
        site.wait_until_reading()
        owner = Visitor(site.url)
        owner.become_owner()
        bad = owner.shoot(encode(Image.new("RGB", (320, 240), "magenta")))
        good = owner.shoot(encode(webcam()))
        assert state(owner.result(good, 120)) == "read"
        assert state(owner.result(bad, 180)) == "failed"
        log = site.log()
    assert "Timeout (0:00:02)!" in log
    assert "snapshot_failed" in log


def test_a_picture_that_hangs_a_batch_costs_the_others_one_attempt(tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(HANGING), "READING_TIME_LIMIT": "4", "READING_ATTEMPTS": "2"}
    home = tmp_path / "home"
    with running(home, **environment) as site:
        site.wait_until_reading()
        owner = Visitor(site.url)
        owner.become_owner()
        worker = site.part("inference@")
        assert worker is not None
        worker.send_signal(signal.SIGSTOP)
        good = [owner.shoot(encode(webcam())) for _ in range(2)]
        bad = owner.shoot(encode(Image.new("RGB", (320, 240), "magenta")))
        good += [owner.shoot(encode(webcam())) for _ in range(2)]
        worker.send_signal(signal.SIGCONT)
        assert [state(owner.result(shot, 180)) for shot in good] == ["read"] * 4
        assert state(owner.result(bad, 180)) == "failed"
        with closing(sqlite3.connect(home / "moodtide.sqlite3")) as database:
            attempts = [tried for (tried,) in database.execute("SELECT attempts FROM snapshots_snapshot")]
    assert attempts == [2] * 5
