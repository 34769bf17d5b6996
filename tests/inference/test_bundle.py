from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save

from inference.bundle import BundleError, load_bundle, parse_manifest
from inference.emotions import EMOTIONS
from inference.pipeline import Pipeline
from tests.pictures import BUNDLE


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLE, tmp_path / "bundle"))


def rewrite(folder: Path, weights: dict[str, Any]) -> None:
    """Other weights under an honest checksum."""
    data = save(weights)
    (folder / "model.safetensors").write_bytes(data)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["sha256"] = hashlib.sha256(data).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_the_shipped_bundle_loads_and_is_small() -> None:
    assert set(load_bundle(BUNDLE).manifest.thresholds) == set(EMOTIONS)
    assert sum(file.stat().st_size for file in BUNDLE.iterdir()) < 10 * 2**20
    assert {file.name for file in BUNDLE.iterdir()} == {"manifest.json", "model.safetensors"}


def test_one_changed_byte_is_noticed(bundle: Path) -> None:
    data = bytearray((bundle / "model.safetensors").read_bytes())
    data[-1] ^= 1
    (bundle / "model.safetensors").write_bytes(data)
    with pytest.raises(BundleError, match="not the ones"):
        load_bundle(bundle)


def test_a_missing_file_is_named(bundle: Path) -> None:
    (bundle / "model.safetensors").unlink()
    with pytest.raises(BundleError, match=r"model\.safetensors"):
        load_bundle(bundle)


def test_a_pickle_is_not_read(bundle: Path) -> None:
    data = b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x05hello\x94."
    (bundle / "model.safetensors").write_bytes(data)
    manifest = json.loads((bundle / "manifest.json").read_text()) | {"sha256": hashlib.sha256(data).hexdigest()}
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match="not a safetensors file"):
        load_bundle(bundle)


def test_weights_that_are_not_numbers_are_refused(bundle: Path) -> None:
    weights = load_file(bundle / "model.safetensors")
    weights["head.bias"] = np.full_like(weights["head.bias"], np.nan)
    rewrite(bundle, weights)
    with pytest.raises(BundleError, match="not finite"):
        load_bundle(bundle)


def test_weights_of_another_network_are_refused(bundle: Path) -> None:
    weights = load_file(bundle / "model.safetensors")
    weights["head.weight"] = weights["head.weight"][:, :-1].copy()
    rewrite(bundle, weights)
    with pytest.raises(BundleError, match="don't fit"):
        Pipeline.load(bundle)


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: m.update(format=2), "format 2"),
        (lambda m: m["thresholds"].pop("fear"), "'fear'"),
        (lambda m: m["thresholds"].update(fear=float("nan")), "'fear'"),
        (lambda m: m["thresholds"].update(fear=1.5), "1.5"),
        (lambda m: m["labels"].reverse(), "eight emotions"),
        (lambda m: m["calibration"].update(temperature=0), "temperature"),
        (lambda m: m.pop("sha256"), "'sha256'"),
        (lambda m: m["input"].update(size="48"), "'size'"),
    ],
)
def test_a_manifest_that_is_off_is_refused_in_words(change: Change, words: str) -> None:
    manifest = json.loads((BUNDLE / "manifest.json").read_text())
    change(manifest)
    with pytest.raises(BundleError, match=words):
        parse_manifest(manifest)


def test_no_pickle_is_loaded_anywhere() -> None:
    for folder in ("inference", "training", "journal"):
        for file in (BUNDLE.parents[2] / folder).rglob("*.py"):
            source = file.read_text()
            assert "import pickle" not in source, file
            for call in re.findall(r"torch\.load\(.*", source):
                assert "weights_only=True" in call, file
            assert "allow_pickle=True" not in source, file
