from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from inference.bundle import BundleError
from journal.registry.champion import champion
from journal.registry.models import Decision, ModelVersion
from journal.registry.shipped import register_shipped
from journal.registry.storage import fetch
from tests.pictures import BUNDLE

pytestmark = pytest.mark.django_db


def test_the_shipped_bundle_becomes_champion_once() -> None:
    first = register_shipped()
    assert register_shipped() == first == champion()
    assert ModelVersion.objects.count() == 1
    assert first.status == ModelVersion.Status.APPROVED
    assert fetch(first).manifest.name == first.name
    assert [row.kind for row in Decision.objects.order_by("id")] == ["approved", "in_charge"]


def test_a_version_from_before_there_was_a_review_gets_its_evidence() -> None:
    version = register_shipped()
    version.evaluations.get().figures.all()._raw_delete("default")  # past the queryset that only adds
    version.evaluations.all()._raw_delete("default")
    ModelVersion.objects.update(size=0)
    again = register_shipped()
    assert again.size == (BUNDLE / "model.safetensors").stat().st_size
    assert again.evaluations.count() == 1
    assert register_shipped().evaluations.count() == 1


def test_while_nobody_is_in_charge_the_reason_is_a_sentence() -> None:
    with pytest.raises(BundleError, match="No model version is in charge"):
        champion()


def test_a_bundle_from_elsewhere_stays_champion_when_a_release_comes() -> None:
    shipped = register_shipped()
    chosen = ModelVersion.objects.create(name="own", digest="0" * 64, sha256="0" * 64, manifest={}, source="upload")
    shipped.aliases.update(version=chosen)
    register_shipped()
    assert champion() == chosen


def test_a_damaged_bundle_is_not_registered(tmp_path: Path, settings: Any) -> None:
    settings.SHIPPED_BUNDLE = shutil.copytree(BUNDLE, tmp_path / "bundle")
    manifest = json.loads((tmp_path / "bundle" / "manifest.json").read_text())
    (tmp_path / "bundle" / "manifest.json").write_text(json.dumps(manifest | {"sha256": "0" * 64}))
    with pytest.raises(BundleError):
        register_shipped()
    assert not ModelVersion.objects.exists()
