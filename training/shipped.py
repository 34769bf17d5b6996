"""The bundle that ships, as the comparison needs to know it: which one it is, and what it says it learned from."""

from __future__ import annotations

import hashlib
from pathlib import Path

from inference.bundle import MANIFEST
from inference.pipeline import SHIPPED


def fingerprint(folder: Path | None = None) -> str:
    """Changes whenever the shipped bundle does: its manifest names its weights by their checksum."""
    return hashlib.sha256(((folder or SHIPPED) / MANIFEST).read_bytes()).hexdigest()
