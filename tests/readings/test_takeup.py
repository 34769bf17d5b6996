"""A worker takes up the champion, or keeps the one it has and says why."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from journal.accounts.models import User
from journal.readings.models import Reader
from journal.readings.takeup import Succession
from journal.registry.champion import switch
from journal.registry.models import ModelVersion
from journal.registry.storage import fetch
from tests.bundles import approved

pytestmark = pytest.mark.django_db


def load(version: ModelVersion) -> Any:
    """An engine without a network, of a version whose weights are there."""
    fetch(version)
    return SimpleNamespace(version=version)


@pytest.fixture
def worker(version: ModelVersion) -> Succession:
    return Succession("inference@here", load(version), load)


def test_a_new_champion_is_taken_up_and_said_so(
    worker: Succession, person: User, version: ModelVersion, caplog: pytest.LogCaptureFixture
) -> None:
    worker.look_once()
    assert Reader.objects.get().version == version
    own = approved("own", person.pk)
    switch(own, person.pk, "Better.", version.pk)
    worker.look_once()
    assert worker.engine.version == own
    assert (Reader.objects.get().version, Reader.objects.get().trouble) == (own, "")
    assert "champion_taken_up" in caplog.text


def test_without_storage_the_old_champion_goes_on_and_the_worker_says_so(
    worker: Succession, person: User, version: ModelVersion, own_storage: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = approved("own", person.pk)
    switch(own, person.pk, "Better.", version.pk)
    own_storage.rename(own_storage.with_name("away"))
    for _look in range(3):
        worker.look_once()
    assert worker.engine.version == version
    assert "can't be fetched from storage" in Reader.objects.get().trouble
    assert caplog.text.count("champion_not_taken_up") == 1
    own_storage.with_name("away").rename(own_storage)
    worker.look_once()
    assert worker.engine.version == own
    assert Reader.objects.get().trouble == ""


def test_a_switch_that_is_taken_back_before_it_was_taken_up_clears_the_trouble(
    worker: Succession, person: User, version: ModelVersion, own_storage: Path
) -> None:
    own = approved("own", person.pk)
    switch(own, person.pk, "Better.", version.pk)
    (own_storage / f"{own.sha256}.safetensors").unlink()
    worker.look_once()
    assert Reader.objects.get().trouble
    switch(version, person.pk, "It doesn't load.", own.pk)
    worker.look_once()
    assert Reader.objects.get().trouble == ""
