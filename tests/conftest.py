"""People, a model and a day for every room's tests."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django import conf
from django.test import Client
from django.utils import timezone

from journal.accounts.consent import decide
from journal.accounts.models import Purpose, User
from journal.accounts.people import create_person
from journal.registry.models import ModelVersion
from journal.registry.shipped import register_shipped
from journal.snapshots.intake import Arrival, take_in
from journal.snapshots.models import Snapshot
from tests.pictures import encode, webcam

PASSWORD = "a quiet tide at noon"
Make = Callable[..., Any]


def pytest_configure() -> None:
    """Argon2 is slow on purpose, and nearly every test makes a person: what it does is Django's to test."""
    conf.settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def own_pictures(settings: Any, tmp_path: Path) -> Path:
    """Sealed files of a test go with the test."""
    settings.PICTURES = tmp_path / "pictures"
    return tmp_path / "pictures"


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> Path:
    """So do the weights of versions."""
    bundles = {"BACKEND": "journal.registry.storage.WholeFiles", "OPTIONS": {"location": tmp_path / "bundles"}}
    settings.STORAGES = settings.STORAGES | {"bundles": bundles}
    return tmp_path / "bundles"


@pytest.fixture
def person(db: None) -> User:
    """Somebody who agreed to camera reading, in Berlin; no random identifier or token can spell the name."""
    ottilie = create_person("ottilie", PASSWORD, "Europe/Berlin")
    decide(ottilie, Purpose.CAMERA, granted=True)
    return ottilie


@pytest.fixture
def other(db: None) -> User:
    yvonne = create_person("yvonne", PASSWORD, "Europe/Berlin")
    decide(yvonne, Purpose.CAMERA, granted=True)
    return yvonne


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def version(db: None) -> ModelVersion:
    return register_shipped()


def arrival(**changes: Any) -> Arrival:
    """A snapshot that just arrived; keywords change it."""
    values: dict[str, Any] = {
        "client_id": uuid.uuid4(),
        "taken_at": timezone.now(),
        "zone": "Europe/Berlin",
        "source": Snapshot.Source.CAMERA,
        "picture": PICTURE,
    }
    return Arrival(**(values | changes))


PICTURE = encode(webcam((320, 240)))


@pytest.fixture
def queued(person: User) -> Snapshot:
    """A snapshot that waits to be read."""
    snapshot, _created = take_in(person, arrival())
    return snapshot
