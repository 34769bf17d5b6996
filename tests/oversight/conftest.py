"""A site with readings of two versions by several people."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from inference.emotions import EMOTIONS
from journal.accounts.models import User
from journal.oversight.roles import Role, give
from journal.readings.models import Reading
from journal.registry.models import ModelVersion
from journal.snapshots.models import Snapshot

Read = Callable[..., Reading]


def people(count: int) -> list[User]:
    """People who can't sign in: hashing passwords is slow, and on purpose."""
    return [User.objects.create(username=f"person{number}", password="!") for number in range(count)]


def some_snapshot(user: User, version: ModelVersion | None = None, days_ago: float = 0, **values: Any) -> Snapshot:
    at = timezone.now() - timedelta(days=days_ago)
    fields: dict[str, Any] = {
        "client_id": uuid.uuid4(),
        "taken_at": at,
        "zone": "UTC",
        "local_date": at.date(),
        "status": Snapshot.Status.DONE,
        "outcome": "read",
        "version": version,
    }
    return Snapshot(user=user, **(fields | values))


def snapshot_of(user: User, version: ModelVersion | None = None, days_ago: float = 0, **values: Any) -> Snapshot:
    snapshot = some_snapshot(user, version, days_ago, **values)
    snapshot.save(force_insert=True)
    return snapshot


def reading_of(snapshot: Snapshot, version: ModelVersion, role: str = "champion", **values: Any) -> Reading:
    reading = some_reading(snapshot, version, role, **values)
    reading.save(force_insert=True)
    return reading


def some_reading(
    snapshot: Snapshot,
    version: ModelVersion,
    role: str = Reading.Role.CHAMPION,
    present: tuple[str, ...] = ("happiness",),
    milliseconds: float = 100,
    **intensities: float,
) -> Reading:
    mixture = dict.fromkeys(EMOTIONS, 0.02) | {"happiness": 0.8} | intensities
    box = dict.fromkeys(("box_left", "box_top", "box_right", "box_bottom", "score"), 0.5)
    return Reading(
        snapshot=snapshot,
        version=version,
        role=role,
        present=list(present),
        milliseconds=milliseconds,
        **mixture,
        **box,
    )


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_superuser("mira", is_owner=True)


@pytest.fixture
def members(owner: User, other: User) -> dict[str, User]:
    """One person for each role, by its name."""
    found = {"owner": owner, "nobody": other}
    for role in Role:
        found[role.value] = User.objects.create(username=role.value, password="!")
        give(found[role.value], role)
    return found


@pytest.fixture
def owner_client(client: Client, owner: User) -> Client:
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    return client
