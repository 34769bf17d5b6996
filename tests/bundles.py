"""Bundles for tests: small ones that any worker could read with, and every way to spoil them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from inference.network import build
from journal.registry import check
from journal.registry.models import ModelVersion
from journal.registry.parcel import open_zip
from journal.registry.register import register
from journal.registry.review import approve
from tests.pictures import BUNDLE

ARCHITECTURE = {"kind": "emotion_net", "channels": 1, "stem": 4, "widths": [8, 16], "blocks": [1, 1], "dropout": 0.1}


def manifest(weights: bytes, name: str = "small", **changes: Any) -> dict[str, Any]:
    """The shipped manifest, as it would be with these weights of a small network."""
    raw = json.loads((BUNDLE / "manifest.json").read_text())
    sha256 = hashlib.sha256(weights).hexdigest()
    return raw | {"name": name, "architecture": deepcopy(ARCHITECTURE), "sha256": sha256} | changes


def small_weights(seed: int = 0) -> bytes:
    """An untrained network's weights."""
    torch.manual_seed(seed)
    return save(build(ARCHITECTURE, 10).state_dict())


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def small_zip(name: str = "small", seed: int = 0, **changes: Any) -> bytes:
    weights = small_weights(seed)
    raw = json.dumps(manifest(weights, name, **changes)).encode()
    return zipped({"manifest.json": raw, "model.safetensors": weights})


def shipped_zip(name: str, **changes: Any) -> bytes:
    """The shipped weights under another name: a version that reads as well as the shipped one."""
    weights = (BUNDLE / "model.safetensors").read_bytes()
    raw = json.loads((BUNDLE / "manifest.json").read_text()) | {"name": name} | changes
    return zipped({"manifest.json": json.dumps(raw).encode(), "model.safetensors": weights})


def small_folder(folder: Path, name: str = "small") -> Path:
    folder.mkdir()
    weights = small_weights()
    (folder / "model.safetensors").write_bytes(weights)
    (folder / "manifest.json").write_text(json.dumps(manifest(weights, name)))
    return folder


def candidate(name: str = "small", by: int | None = None, seed: int = 0) -> ModelVersion:
    """A version that has passed its check."""
    version = register(open_zip(small_zip(name, seed)), "test", by)
    check.begin(version.pk)
    check.passed(version, {"milliseconds": 10.0, "intensities": {}})
    version.refresh_from_db()
    return version


def approved(name: str, by: int, seed: int = 0) -> ModelVersion:
    version = candidate(name, by, seed)
    approve(version, by, "It is good enough for a test.")
    return version
