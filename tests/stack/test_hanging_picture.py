"""A picture that hangs the worker fails alone."""

from __future__ import annotations

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
