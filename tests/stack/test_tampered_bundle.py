"""A damaged model reads nobody, and both the operator and the person are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.pictures import BUNDLE, encode, webcam
from tests.site import Visitor, eventually, running, state

pytestmark = pytest.mark.stack


def test_a_tampered_bundle_is_refused_and_said_so(tmp_path: Path) -> None:
    bundle = Path(shutil.copytree(BUNDLE, tmp_path / "bundle"))
    weights = bytearray((bundle / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (bundle / "model.safetensors").write_bytes(weights)
    with running(tmp_path / "home", MOODTIDE_BUNDLE=str(bundle)) as site:
        owner = Visitor(site.url)
        owner.become_owner()
        eventually(lambda: site.presence() == b"refused", 60)
        waiting = owner.get(owner.shoot(encode(webcam())).json()["result"])
        log = site.log()
    assert (waiting.status, state(waiting)) == (202, "waiting")
    assert "found its model damaged" in waiting.text
    assert "The shipped model can't be used" in log
    assert "bundle_refused" in log
