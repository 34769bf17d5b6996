"""A real broker, a real worker, a real network: what the row promises whatever happens to them."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.pictures import empty_room, encode, webcam
from tests.site import Site, Visitor, eventually, state

pytestmark = pytest.mark.stack
PICTURE = encode(webcam())


def sealed(site: Site) -> list[Path]:
    return list((site.home / "pictures").glob("*/*"))


def test_an_upload_becomes_a_reading_and_the_picture_is_forgotten(site: Site, owner: Visitor) -> None:
    shot = owner.shoot(PICTURE)
    assert shot.status == 201
    fragment = owner.result(shot)
    assert state(fragment) == "read"
    assert "happiness" in fragment.text
    eventually(lambda: not sealed(site), 5, "the picture stayed")


def test_the_web_process_stays_light(site: Site, owner: Visitor) -> None:
    """After a picture went through it: no heavy library in its memory, and less than 150 MB of its own."""
    assert owner.shoot(PICTURE).status == 201
    web = site.part("gunicorn")
    assert web is not None
    workers = web.children()
    assert workers
    for process in workers:
        assert process.memory_info().rss < 150 * 2**20
        maps = {Path(region.path).name for region in process.memory_maps()}
        assert not [name for name in maps if name.startswith(("libtorch", "cv2"))]


def test_nobody_in_the_picture_is_a_kind_sentence(owner: Visitor) -> None:
    assert state(owner.result(owner.shoot(encode(empty_room())))) == "no_face"


def test_a_killed_worker_loses_nothing(site: Site, owner: Visitor) -> None:
    worker = site.part("inference@")
    assert worker is not None
    worker.send_signal(signal.SIGSTOP)
    shot = owner.shoot(PICTURE)
    assert owner.get(shot.json()["result"]).status == 202
    worker.kill()
    assert state(owner.result(shot, 90)) == "read"
    successor = site.part("inference@")
    assert successor is not None
    assert successor.pid != worker.pid


def test_a_flushed_broker_loses_nothing(site: Site, owner: Visitor) -> None:
    site.wait_until_reading()
    worker = site.part("inference@")
    assert worker is not None
    worker.send_signal(signal.SIGSTOP)
    shots = [owner.shoot(PICTURE) for _ in range(3)]
    with site.redis as client:
        client.flushall()
    worker.send_signal(signal.SIGCONT)
    assert [state(owner.result(shot, 90)) for shot in shots] == ["read"] * 3


def test_a_broker_that_dies_is_back_and_an_upload_meanwhile_is_kept(site: Site, owner: Visitor) -> None:
    site.wait_until_reading()
    broker = site.part("valkey")
    assert broker is not None
    broker.kill()
    shot = owner.shoot(PICTURE)
    assert shot.status == 201
    assert state(owner.result(shot, 90)) == "read"
