"""Everything that somebody may bring instead of a bundle; each kind has a sentence of its own."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load, save

from journal.registry import parcel
from journal.registry.parcel import open_folder, open_zip
from journal.registry.refusal import VersionRefused
from tests.bundles import manifest, small_folder, small_weights, small_zip, zipped

WEIGHTS = small_weights()
MANIFEST = json.dumps(manifest(WEIGHTS)).encode()


def refused(data: bytes) -> VersionRefused:
    with pytest.raises(VersionRefused) as caught:
        open_zip(data)
    return caught.value


def test_a_zip_and_a_folder_of_the_same_bundle_are_the_same(tmp_path: Path) -> None:
    brought = open_zip(small_zip())
    assert brought.bundle.manifest.name == "small"
    assert open_folder(small_folder(tmp_path / "small")).weights == brought.weights


def test_the_two_files_may_lie_in_one_folder_of_the_zip() -> None:
    data = zipped({"small/manifest.json": MANIFEST, "small/model.safetensors": WEIGHTS})
    assert open_zip(data).bundle.manifest.name == "small"


@pytest.mark.parametrize(
    "name", ["../model.safetensors", "/model.safetensors", "a/../../model.safetensors", "C:model.x"]
)
def test_a_path_that_leads_outside(name: str) -> None:
    error = refused(zipped({"manifest.json": MANIFEST, name: WEIGHTS}))
    assert (error.code, "outside itself" in str(error)) == ("unsafe_path", True)


def test_a_backslash_is_a_path_too() -> None:
    entry = zipfile.ZipInfo("x")
    entry.filename = entry.orig_filename = "..\\model.safetensors"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, WEIGHTS)
    assert refused(out.getvalue()).code == "unsafe_path"


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_few_tools_have(compression: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        archive.writestr("manifest.json", MANIFEST)
        archive.writestr("model.safetensors", WEIGHTS)
    assert refused(out.getvalue()).code == "odd_compression"


@pytest.mark.parametrize("lost", [1, 20, 100])
def test_a_zip_that_lost_its_beginning(lost: int) -> None:
    assert refused(small_zip()[lost:]).code == "not_a_zip"


def test_an_entry_without_a_name() -> None:
    out = bytearray(zipped({"x": b"", "manifest.json": MANIFEST, "model.safetensors": WEIGHTS}))
    for mark, at in ((b"PK\x03\x04", 26), (b"PK\x01\x02", 28)):  # the length of the name
        start = out.index(mark)
        assert out[start + at] == 1
        out[start + at] = 0
    refused(bytes(out))


def test_a_name_that_is_no_text() -> None:
    data = zipped({"manifest.json": MANIFEST, "m\u00f6del.safetensors": WEIGHTS})
    assert refused(data.replace("ö".encode(), b"\xff\xff")).code == "not_a_zip"


@pytest.mark.parametrize(
    "value",
    [b"NaN", b"Infinity", b"1e400", b"9" * 401, b'"\\ud800"', b'{"\\u0000": 1}', b"[" * 90 + b"]" * 90],
)
def test_a_value_that_nothing_can_hold(value: bytes) -> None:
    brought = MANIFEST[:-1] + b', "more": ' + value + b"}"
    error = refused(zipped({"manifest.json": brought, "model.safetensors": WEIGHTS}))
    assert (error.code, "is not JSON" in str(error)) == ("bad_bundle", True)


def test_a_link_in_the_zip() -> None:
    link = zipfile.ZipInfo("model.safetensors")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.json", MANIFEST)
        archive.writestr(link, "/etc/passwd")
    error = refused(out.getvalue())
    assert (error.code, "link" in str(error)) == ("unsafe_path", True)


def test_a_bomb_that_says_how_large_it_is() -> None:
    error = refused(zipped({"manifest.json": MANIFEST, "model.safetensors": bytes(parcel.LARGEST_WEIGHTS + 1)}))
    assert (error.code, "64 MB" in str(error)) == ("too_large", True)


def test_a_bomb_that_lies_about_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory claims a few bytes; what comes out is cut at the limit or noticed by the checksum."""
    data = bytearray(zipped({"manifest.json": MANIFEST, "model.safetensors": bytes(50 * 2**20)}))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 24, 100)  # the uncompressed size in the central directory
    monkeypatch.setattr(parcel, "LIMITS", {"manifest.json": 2**18, "model.safetensors": 2**20})
    assert refused(bytes(data)).code in ("too_large", "not_a_zip")


def test_a_pickle_by_name_and_by_content() -> None:
    assert refused(zipped({"manifest.json": MANIFEST, "model.pt": b"x"})).code == "pickle"
    error = refused(zipped({"manifest.json": MANIFEST, "model.safetensors": b"\x80\x04\x95hello."}))
    assert (error.code, "Only safetensors" in str(error)) == ("pickle", True)
    torch_file = zipped({"archive/data.pkl": b"\x80\x02."})
    assert refused(zipped({"manifest.json": MANIFEST, "model.safetensors": torch_file})).code == "pickle"


def test_a_file_that_no_bundle_has() -> None:
    error = refused(zipped({"manifest.json": MANIFEST, "model.safetensors": WEIGHTS, "run.sh": b"rm"}))
    assert (error.code, "run.sh" in str(error)) == ("foreign_file", True)


def test_a_crowd_of_files() -> None:
    assert refused(zipped({f"{number}.txt": b"" for number in range(2000)})).code == "too_many_files"


def test_a_file_that_is_missing() -> None:
    error = refused(zipped({"manifest.json": MANIFEST}))
    assert (error.code, "model.safetensors" in str(error)) == ("file_missing", True)


def test_files_in_different_folders() -> None:
    assert refused(zipped({"a/manifest.json": MANIFEST, "b/model.safetensors": WEIGHTS})).code == "scattered"


@pytest.mark.parametrize("data", [b"", b"hello", small_zip()[:-40], small_zip()[:2000]])
def test_no_zip_or_half_of_one(data: bytes) -> None:
    assert refused(data).code == "not_a_zip"


def test_a_wrong_checksum() -> None:
    raw = json.dumps(manifest(WEIGHTS) | {"sha256": "0" * 64}).encode()
    error = refused(zipped({"manifest.json": raw, "model.safetensors": WEIGHTS}))
    assert (error.code, "not the ones" in str(error)) == ("bad_bundle", True)


def without_fear(raw: dict[str, Any]) -> None:
    del raw["thresholds"]["fear"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda raw: raw["labels"].__setitem__(3, "boredom"), "'boredom', which is none of the eight"),
        (lambda raw: raw["thresholds"].update(boredom=0.3), "threshold for 'boredom'"),
        (without_fear, "'fear' is missing"),
        (lambda raw: raw["thresholds"].update(fear=float("nan")), "NaN is no number"),
        (lambda raw: raw["architecture"].update(widths=[10**9]), "asks for 1000000000"),
        (lambda raw: raw["architecture"].update(widths=[8] * 10**4), "longer than any network"),
        (lambda raw: raw.update(name=""), "1 to 80 printable"),
        (lambda raw: raw.update(name="a\nb"), "1 to 80 printable"),
        (lambda raw: raw.update(format=2), "format 2"),
    ],
)
def test_a_manifest_that_is_off(change: Any, words: str) -> None:
    raw = manifest(WEIGHTS)
    change(raw)
    error = refused(zipped({"manifest.json": json.dumps(raw).encode(), "model.safetensors": WEIGHTS}))
    assert error.code == "bad_bundle"
    assert words in str(error)


@pytest.mark.parametrize("raw", [b"{", b"[]", b"\xff", b"[" * 100_000])
def test_a_manifest_that_is_no_json(raw: bytes) -> None:
    assert refused(zipped({"manifest.json": raw, "model.safetensors": WEIGHTS})).code == "bad_bundle"


def test_weights_that_are_not_numbers() -> None:
    tensors = load(WEIGHTS)
    tensors["head.bias"] = np.full_like(tensors["head.bias"], np.nan)
    data = save(tensors)
    raw = json.dumps(manifest(data) | {"sha256": hashlib.sha256(data).hexdigest()}).encode()
    assert "not finite" in str(refused(zipped({"manifest.json": raw, "model.safetensors": data})))


def test_a_folder_without_its_weights(tmp_path: Path) -> None:
    folder = small_folder(tmp_path / "small")
    (folder / "model.safetensors").unlink()
    with pytest.raises(VersionRefused, match=r"no model\.safetensors"):
        open_folder(folder)


def test_a_folder_with_a_file_that_is_far_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parcel, "LIMITS", {"manifest.json": 2**18, "model.safetensors": 2**10})
    with pytest.raises(VersionRefused, match=r"model\.safetensors is larger than"):
        open_folder(small_folder(tmp_path / "small"))
