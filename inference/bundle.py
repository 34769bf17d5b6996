"""A model bundle on disk: ``model.safetensors`` beside the ``manifest.json`` that describes it."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load

from inference import strict_json
from inference.emotions import EMOTIONS

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
WEIGHTS: Final = "model.safetensors"
# A manifest may come from anybody: no width, depth or count of a network that reads 48 pixels needs more.
LARGEST_NUMBER: Final = 2048
LONGEST_NAME: Final = 80
# What a network may want done to its crops first (inference/prepare.py).
PREPARATIONS: Final = ("denoise", "equalise")
REQUIRED: Final = {
    "format": int,
    "name": str,
    "architecture": dict,
    "labels": list,
    "outputs": list,
    "input": dict,
    "calibration": dict,
    "thresholds": dict,
    "metrics": dict,
    "data": list,
    "licence": str,
    "sha256": str,
}


class BundleError(ValueError):
    """The bundle must not be used; the sentence says why."""


@dataclass(frozen=True)
class Crop:
    """What the network wants to look at.

    ``size``: side of the square crop in pixels. ``scale``: side of the square over the detector's box, in
    lengths of the box's longer side. ``mean`` and ``std`` of the grey values, 0..1. ``mirrored``: read each
    face's mirror image too and average, which costs as much again. ``prepare``: what is done to a crop first, of
    ``PREPARATIONS``.
    """

    size: int
    scale: float
    mean: float
    std: float
    mirrored: bool
    prepare: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """The description of a bundle, checked."""

    name: str
    sha256: str
    architecture: dict[str, Any]
    outputs: tuple[str, ...]
    crop: Crop
    temperature: float
    thresholds: dict[str, float]
    raw: dict[str, Any]


@dataclass(frozen=True)
class Bundle:
    manifest: Manifest
    weights: dict[str, npt.NDArray[Any]]


def load_bundle(folder: Path) -> Bundle:
    """Read a bundle and verify its checksum, labels, thresholds and numbers. Raises ``BundleError``."""
    return verify(load_manifest(folder), _read(folder / WEIGHTS))


def verify(manifest: Manifest, data: bytes) -> Bundle:
    """The bundle of a checked manifest and the bytes of its weights file. Raises ``BundleError``."""
    found = hashlib.sha256(data).hexdigest()
    if found != manifest.sha256:
        raise BundleError(
            f"The weights of {manifest.name} are not the ones that its manifest describes "
            f"(sha256 {found[:12]}, expected {manifest.sha256[:12]})."
        )
    return Bundle(manifest, _tensors(data, manifest.name))


def load_manifest(folder: Path) -> Manifest:
    """Read and check the manifest alone."""
    return read_manifest(_read(folder / MANIFEST))


def read_manifest(data: bytes) -> Manifest:
    """Check the bytes of a manifest file; raises ``BundleError`` with the first thing that is wrong."""
    try:
        raw = strict_json.loads(data)
    except ValueError as error:
        raise BundleError(f"{MANIFEST} is not JSON: {error}.") from error
    return parse_manifest(raw)


def parse_manifest(raw: Any) -> Manifest:
    """Check a manifest's schema; raises ``BundleError`` with the first thing that is wrong."""
    if not isinstance(raw, dict):
        raise BundleError("The manifest is not a JSON object.")
    for key, kind in REQUIRED.items():
        if not isinstance(raw.get(key), kind):
            raise BundleError(f"The manifest's {key!r} is missing or not a {kind.__name__}.")
    if raw["format"] != FORMAT:
        raise BundleError(f"The bundle has format {raw['format']}; this program reads format {FORMAT}.")
    if not 0 < len(raw["name"]) <= LONGEST_NAME or not raw["name"].isprintable():
        raise BundleError(f"The manifest's name must have 1 to {LONGEST_NAME} printable characters.")
    _bound(raw["architecture"])
    _check_labels(raw)
    return Manifest(
        name=raw["name"],
        sha256=raw["sha256"],
        architecture=raw["architecture"],
        outputs=tuple(raw["outputs"]),
        crop=_crop(raw["input"]),
        temperature=_number(raw["calibration"], "temperature", 0.05, 20),
        thresholds={emotion: _number(raw["thresholds"], emotion, 0, 1) for emotion in EMOTIONS},
        raw=raw,
    )


def _crop(values: dict[str, Any]) -> Crop:
    mirrored = values.get("mirrored", True)  # as it was before a bundle could say
    if not isinstance(mirrored, bool):
        raise BundleError("The manifest's 'mirrored' is neither true nor false.")
    steps = values.get("prepare", [])
    if not isinstance(steps, list) or len(steps) > len(PREPARATIONS) or any(s not in PREPARATIONS for s in steps):
        raise BundleError(f"The manifest's 'prepare' is not a list of {' and '.join(PREPARATIONS)}.")
    return Crop(
        size=int(_number(values, "size", 16, 512)),
        scale=_number(values, "scale", 0.5, 3),
        mean=_number(values, "mean", 0, 1),
        std=_number(values, "std", 0.01, 1),
        mirrored=mirrored,
        prepare=tuple(steps),
    )


def _check_labels(raw: dict[str, Any]) -> None:
    if unknown := [label for label in raw["labels"] if label not in EMOTIONS]:
        raise BundleError(f"The bundle names {str(unknown[0])[:40]!r}, which is none of the eight emotions.")
    if unknown := sorted(set(raw["thresholds"]) - set(EMOTIONS)):
        raise BundleError(f"The bundle has a threshold for {unknown[0][:40]!r}, which is none of the eight emotions.")
    if tuple(raw["labels"]) != EMOTIONS or tuple(raw["outputs"][: len(EMOTIONS)]) != EMOTIONS:
        raise BundleError("The bundle's labels are not the eight emotions in their order.")


def _bound(value: Any) -> None:
    """Refuse an architecture that would need more memory to build than any that we could read with."""
    if isinstance(value, dict | list):
        if len(value) > LONGEST_NAME:
            raise BundleError("The manifest's architecture is longer than any network that this program reads with.")
        for part in value.values() if isinstance(value, dict) else value:
            _bound(part)
    elif isinstance(value, int | float) and not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        raise BundleError(f"The manifest's architecture asks for {value}, more than {LARGEST_NUMBER}.")


def _number(values: dict[str, Any], key: str, low: float, high: float) -> float:
    value = values.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BundleError(f"The manifest's {key!r} is missing or not a number.")
    if not low <= value <= high:
        raise BundleError(f"The manifest's {key!r} is {value}, outside {low} to {high}.")
    return float(value)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BundleError(f"{path.name} of the bundle can't be read: {error.strerror}.") from error


def _tensors(data: bytes, name: str) -> dict[str, npt.NDArray[Any]]:
    try:
        weights: dict[str, npt.NDArray[Any]] = load(data)
    except (SafetensorError, ValueError, KeyError) as error:
        raise BundleError(f"The weights of {name} are not a safetensors file: {error}.") from error
    for key, tensor in weights.items():
        if np.issubdtype(tensor.dtype, np.floating) and not np.isfinite(tensor).all():
            raise BundleError(f"The weights of {name} hold numbers that are not finite ({key}).")
    return weights
