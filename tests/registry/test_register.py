from __future__ import annotations

import hashlib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from inference.bundle import BundleError
from inference.emotions import EMOTIONS
from journal.append_only import AppendOnlyError
from journal.registry import check
from journal.registry.models import Decision, Evaluation, ModelVersion
from journal.registry.parcel import open_zip
from journal.registry.refusal import VersionRefused
from journal.registry.register import derive, register
from journal.registry.storage import StorageAway, fetch
from tests.bundles import candidate, small_folder, small_zip

pytestmark = pytest.mark.django_db
Status = ModelVersion.Status


def test_a_bundle_becomes_a_version_that_waits_for_its_check(own_storage: Path) -> None:
    version = register(open_zip(small_zip()), "test")
    assert (version.status, version.name) == (Status.CHECKING, "small")
    assert fetch(version).manifest.raw == version.manifest
    assert [file.name for file in own_storage.iterdir()] == [f"{version.sha256}.safetensors"]
    assert Decision.objects.get().kind == Decision.Kind.REGISTERED
    assert Evaluation.objects.get().figures.filter(name="f1").count() == 8


def test_the_same_bundle_twice_is_one_version() -> None:
    register(open_zip(small_zip()), "test")
    with pytest.raises(VersionRefused, match="here already: it is small"):
        register(open_zip(small_zip()), "test")
    assert ModelVersion.objects.count() == 1


def test_two_versions_do_not_share_a_name() -> None:
    register(open_zip(small_zip()), "test")
    with pytest.raises(VersionRefused, match="Another version is called small"):
        register(open_zip(small_zip(seed=1)), "test")


@pytest.mark.parametrize("packed", [True, False])
def test_the_command_takes_a_folder_and_a_zip(packed: bool, tmp_path: Path) -> None:
    path = tmp_path / "small.zip"
    path.write_bytes(small_zip())
    out = StringIO()
    call_command("register_model", str(path if packed else small_folder(tmp_path / "small")), stdout=out)
    assert "small is registered" in out.getvalue()
    assert ModelVersion.objects.get().source.startswith("register_model small")


def test_the_command_says_in_a_sentence_why_not(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"hello")
    with pytest.raises(CommandError, match="isn't a zip"):
        call_command("register_model", str(tmp_path / "x.zip"))
    with pytest.raises(CommandError, match="can't be read"):
        call_command("register_model", str(tmp_path / "nowhere.zip"))


def test_a_check_that_kills_every_worker_ends_in_rejection() -> None:
    version = register(open_zip(small_zip()), "test")
    for _attempt in range(check.MOST_ATTEMPTS):
        assert check.begin(version.pk) is not None
    assert check.begin(version.pk) is None
    version.refresh_from_db()
    assert version.status == Status.REJECTED
    assert "No worker survived" in Decision.objects.get(kind=Decision.Kind.FAILED_CHECK).reason


def test_other_thresholds_make_another_version_of_the_same_weights(own_storage: Path) -> None:
    base = candidate()
    higher = dict.fromkeys(EMOTIONS, 0.9)
    derived = derive(base, "small, strict", higher, None)
    assert (derived.sha256, derived.status) == (base.sha256, Status.CHECKING)
    assert derived.digest != base.digest
    assert fetch(derived).manifest.thresholds == higher
    assert len(list(own_storage.iterdir())) == 1
    names = set(derived.evaluations.get().figures.values_list("name", flat=True))
    assert names == {"majority_accuracy", "map", "brier", "ece"}


@pytest.mark.parametrize("metrics", [{}, {"own": {"macro_f1": 0.5}}, {"own": {"note": "good"}}, {"own": "good"}])
def test_a_bundle_may_bring_whatever_it_was_measured_on(metrics: dict[str, Any], own_storage: Path) -> None:
    base = register(open_zip(small_zip(metrics=metrics)), "test")
    derived = derive(base, "small, strict", dict.fromkeys(EMOTIONS, 0.9), None)
    assert not derived.evaluations.exists()


def test_figures_that_a_bundle_says_twice_are_kept_once() -> None:
    twice = register(open_zip(small_zip(metrics={"A valid": {"macro_f1": 0.5}, "A Valid": {"macro_f1": 0.5}})), "test")
    assert twice.evaluations.count() == 1


def test_weights_that_were_cut_off_while_they_were_written_are_written_again(own_storage: Path) -> None:
    brought = open_zip(small_zip())
    file = own_storage / f"{hashlib.sha256(brought.weights).hexdigest()}.safetensors"
    own_storage.mkdir()
    file.write_bytes(brought.weights[:1000])
    assert fetch(register(brought, "test")).manifest.name == "small"
    assert list(own_storage.iterdir()) == [file]


def test_thresholds_outside_their_scale_are_refused() -> None:
    with pytest.raises(VersionRefused, match=r"'fear' is 1\.5"):
        derive(candidate(), "other", {**dict.fromkeys(EMOTIONS, 0.3), "fear": 1.5}, None)


def test_weights_that_changed_in_storage_are_noticed(own_storage: Path) -> None:
    version = candidate()
    file = own_storage / f"{version.sha256}.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"\1")
    with pytest.raises(BundleError, match="not the ones"):
        fetch(version)
    file.unlink()
    with pytest.raises(StorageAway, match="can't be fetched"):
        fetch(version)


def test_what_was_decided_is_never_changed() -> None:
    candidate()
    decision = Decision.objects.first()
    assert decision is not None
    decision.reason = "I never said that"
    with pytest.raises(AppendOnlyError):
        decision.save()
    for change in (decision.delete, Decision.objects.all().delete, lambda: Decision.objects.update(reason="")):
        with pytest.raises(AppendOnlyError):
            change()
