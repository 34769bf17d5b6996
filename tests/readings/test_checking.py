"""What ends a version's check: a smoke reading on a drawn face, with the real network."""

from __future__ import annotations

from pathlib import Path

import pytest

from journal.readings.checking import check_version
from journal.readings.engine import Engine
from journal.registry.models import Decision, ModelVersion
from journal.registry.parcel import open_zip
from journal.registry.register import register
from tests.bundles import shipped_zip, small_zip

pytestmark = pytest.mark.django_db
Status = ModelVersion.Status


def engine_of(version: ModelVersion) -> Engine:
    return Engine(version)


def checked(data: bytes) -> ModelVersion:
    version = register(open_zip(data), "test")
    check_version(version.pk, engine_of)
    version.refresh_from_db()
    return version


def test_a_version_that_reads_becomes_a_candidate() -> None:
    version = checked(shipped_zip("again"))
    assert version.status == Status.CANDIDATE
    assert version.smoke is not None
    assert version.smoke["milliseconds"] > 0
    assert 0.5 < sum(version.smoke["intensities"].values()) <= 1.001


def test_a_network_that_does_not_match_its_weights_is_rejected_in_words() -> None:
    wider = {"kind": "emotion_net", "channels": 1, "stem": 4, "widths": [8, 32], "blocks": [1, 1], "dropout": 0.1}
    assert checked(small_zip(architecture=wider)).status == Status.REJECTED
    assert "don't fit its network" in Decision.objects.get(kind=Decision.Kind.FAILED_CHECK).reason


@pytest.mark.parametrize("architecture", [{"kind": "other"}, {"kind": "emotion_net", "hidden": 3}, {}])
def test_a_network_that_nobody_knows_is_rejected_in_words(architecture: dict[str, object]) -> None:
    assert checked(small_zip(architecture=architecture)).status == Status.REJECTED


def test_storage_that_is_away_says_nothing_about_the_version(own_storage: Path) -> None:
    version = register(open_zip(small_zip()), "test")
    weights = own_storage / f"{version.sha256}.safetensors"
    weights.rename(own_storage / "away")
    for _attempt in range(5):
        check_version(version.pk, engine_of)
    (own_storage / "away").rename(weights)
    check_version(version.pk, engine_of)
    version.refresh_from_db()
    assert version.status == Status.CANDIDATE


def test_a_network_that_crashes_is_tried_again_and_then_rejected(caplog: pytest.LogCaptureFixture) -> None:
    def crash(version: ModelVersion) -> Engine:
        raise RuntimeError("nobody thought of this")

    version = register(open_zip(small_zip()), "test")
    for _attempt in range(3):
        check_version(version.pk, crash)
        version.refresh_from_db()
        assert version.status == Status.CHECKING
    check_version(version.pk, crash)
    version.refresh_from_db()
    assert version.status == Status.REJECTED
    assert "nobody thought of this" in caplog.text
