from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from inference.pipeline import SHIPPED
from training import baselines, compare, networks, shipped
from training.choices import Settings
from training.features import FEATURES, FeatureStore
from training.packaged import seen_by_fer
from training.synthetic import synthetic


@pytest.fixture
def another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle that ships in place of the real one, and is still the same."""
    folder = tmp_path / "bundle"
    shutil.copytree(SHIPPED, folder)
    monkeypatch.setattr(shipped, "SHIPPED", folder)
    return folder


def rewrite(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    known = {approach.name: approach for approach in [*baselines.approaches(), *networks.approaches()]}
    settings = Settings("synthetic", tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(compare, "approaches", lambda: known)
        data = compare.read(settings)
        names = ("embeddings-knn", "hog-knn", "shipped", "cnn")
        return {name: compare._key(name, settings, data) for name in names}


def test_another_shipped_model_makes_results_of_its_own(
    another: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keys(tmp_path, monkeypatch)
    assert keys(tmp_path, monkeypatch) == before
    rewrite(another, sha256="0" * 64)
    after = keys(tmp_path, monkeypatch)
    assert {name for name in before if before[name] != after[name]} == {"embeddings-knn", "shipped"}


def test_another_shipped_model_makes_embeddings_of_its_own(
    another: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    for name in ("hog", "embeddings"):
        row = np.ones((4, 3), dtype=np.float32)
        monkeypatch.setitem(FEATURES, name, lambda pixels, name=name, row=row: (made.append(name), row)[1])
    store = FeatureStore(synthetic("valid"), tmp_path / "features")
    for _ in range(2):
        store.first("hog", 4)
        store.first("embeddings", 4)
    assert made == ["hog", "embeddings"]
    rewrite(another, sha256="0" * 64)
    store.first("hog", 4)
    store.first("embeddings", 4)
    assert made == ["hog", "embeddings", "embeddings"]


@pytest.mark.parametrize(("data", "seen"), [("FER+", True), ("FER2013", True), ("drawn faces", False), ("mine", False)])
def test_notes_on_data_come_from_the_manifest(data: str, seen: bool, another: Path) -> None:
    assert ("these faces" in shipped.learned_from(data)) is seen
    assert ("these faces" in seen_by_fer(data)) is seen
    assert "FER+ Train (fit) + " in shipped.learned_from(data)
    rewrite(another, data=["my captures Train (fit)"])
    assert shipped.learned_from(data) == "it learned from my captures Train (fit)"
