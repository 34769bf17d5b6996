"""Where the weights of every version lie, and how a worker fetches and verifies them."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

from inference.bundle import Bundle, BundleError, parse_manifest, verify
from journal.registry.models import ModelVersion


class WholeFiles(FileSystemStorage):
    """A folder in which a file is whole or not there: written beside and renamed."""

    def _save(self, name: str, content: File[bytes]) -> str:
        beside = super()._save(f"{name}.{os.getpid()}.part", content)  # type: ignore[misc]
        Path(self.path(beside)).replace(self.path(name))
        return name


class StorageAway(BundleError):
    """The weights can't be reached just now; that says nothing about the version."""


def digest_of(value: Any) -> str:
    """The sha256 of a JSON value, however it was laid out in its file."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def keep_weights(data: bytes) -> str:
    """Store a weights file under its own sha256, which is returned; one that is there already, and whole, stays."""
    sha256 = hashlib.sha256(data).hexdigest()
    if not _holds(sha256, len(data)):
        _storage().delete(_name(sha256))  # what was cut off while it was written
        _storage().save(_name(sha256), ContentFile(data))
    return sha256


def fetch(version: ModelVersion) -> Bundle:
    """Read a version's weights from storage and verify them against its manifest.

    Raises ``StorageAway`` where they can't be had, ``BundleError`` where they are not what was registered.
    """
    try:
        with _storage().open(_name(version.sha256)) as file:
            data: bytes = file.read()
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageAway(f"The weights of {version.name} can't be fetched from storage: {reason}.") from error
    return verify(parse_manifest(version.manifest), data)


def forget_weights(sha256: str) -> None:
    """Delete a weights file unless a version still needs it."""
    if not ModelVersion.objects.filter(sha256=sha256).exists():
        _storage().delete(_name(sha256))


def _holds(sha256: str, size: int) -> bool:
    return _storage().exists(_name(sha256)) and _storage().size(_name(sha256)) == size


def _name(sha256: str) -> str:
    return f"{sha256}.safetensors"


def _storage() -> Storage:
    return storages["bundles"]
