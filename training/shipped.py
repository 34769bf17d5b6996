"""The bundle that ships, as the comparison needs to know it: which one it is, and what it says it learned from."""

from __future__ import annotations

import hashlib
from pathlib import Path

from inference.bundle import MANIFEST, load_manifest
from inference.pipeline import SHIPPED
from training.provenance import LEARNED_FROM


def fingerprint(folder: Path | None = None) -> str:
    """Changes whenever the shipped bundle does: its manifest names its weights by their checksum."""
    return hashlib.sha256(((folder or SHIPPED) / MANIFEST).read_bytes()).hexdigest()


def is_fer(data: str) -> bool:
    """Are these FER2013's faces, by what ``formats.title`` calls them? Most of the field has seen those."""
    return data in LEARNED_FROM


def learned_from(data: str) -> str:
    """What the shipped bundle's manifest says it learned from, and whether the faces compared on are among it."""
    lines = [str(line) for line in load_manifest(SHIPPED).raw.get("data", [])]
    known = is_fer(data) and any(line.startswith(tuple(LEARNED_FROM)) for line in lines)
    said = " + ".join(lines) or "nobody knows what"
    return f"it learned from {said}{', so it has seen these faces' if known else ''}"
