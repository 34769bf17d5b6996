"""A finished run -> a bundle that ``inference`` reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save

from inference.bundle import FORMAT, MANIFEST, WEIGHTS, load_bundle
from inference.emotions import EMOTIONS
from training.calibrate import cross_fitted, fit_calibration, fit_thresholds, softmax
from training.datasets import VOTE_COLUMNS
from training.evaluate import Floats, Truth, f1, measure, truth
from training.fit import Run
from training.provenance import provenance


def export(
    run: Run,
    folder: Path,
    name: str,
    data: str = "FER+",
    prepare: Sequence[str] = (),
    logits: Floats | None = None,
    origin: str = "",
) -> dict[str, Any]:
    """Calibrate on the validation faces, write the bundle, load it once to be sure, and return its metrics.

    ``data`` is what the manifest calls the faces that the run learned from (``formats.title``), ``prepare`` what
    was done to them first, and is to be done to whatever the bundle reads. ``logits`` are ``run.valid_logits()``, for
    a caller who has them already. ``origin`` says whose weights the run began with, and under which licence.
    """
    logits = run.valid_logits() if logits is None else logits
    shares = run.valid[1].numpy().astype(np.float64)
    what = truth(shares)
    temperature, shift = fit_calibration(logits, shares)
    intensities = softmax(logits + shift, temperature)[:, : len(EMOTIONS)]
    thresholds = fit_thresholds(intensities, what)
    metrics = measure(intensities, thresholds, what) | {"cross_fitted": _cross_fitted(intensities, what)}
    weights = save(_shifted(run.average.module.state_dict(), shift))
    manifest = {
        "format": FORMAT,
        "name": name,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "architecture": run.recipe.architecture,
        "labels": list(EMOTIONS),
        "outputs": list(VOTE_COLUMNS),
        "input": _input(run, prepare),
        "calibration": {
            "kind": "temperature",
            "temperature": temperature,
            "shift": dict(zip(VOTE_COLUMNS, shift.round(3).tolist(), strict=True)),
            "shift_is": "in the weights already",
            "fitted_on": f"{data} Valid",
        },
        "thresholds": dict(zip(EMOTIONS, thresholds.tolist(), strict=True)),
        "metrics": {f"{data} Valid": metrics},
        **provenance(run, data, origin),
    }
    write_bundle(folder, weights, manifest)
    return metrics


def write_bundle(folder: Path, weights: bytes, manifest: dict[str, Any]) -> None:
    """Write weights and a manifest that names them by their checksum, and load both once to be sure."""
    manifest = manifest | {"sha256": hashlib.sha256(weights).hexdigest()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS).write_bytes(weights)
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
    load_bundle(folder)


def _shifted(state: dict[str, torch.Tensor], shift: Floats) -> dict[str, torch.Tensor]:
    """The weights with the shift in the last layer's bias, so that whoever reads them needs to know nothing of it."""
    weights = {name: tensor.cpu().contiguous() for name, tensor in state.items()}
    *_, last = weights
    if weights[last].shape != shift.shape:
        raise ValueError(f"{last}, the last of the weights, isn't the bias of the outputs.")
    return weights | {last: weights[last] + torch.from_numpy(shift).to(weights[last])}


def _cross_fitted(intensities: Floats, what: Truth) -> dict[str, float]:
    fair, true = cross_fitted(intensities, what)[what.kept], what.true[what.kept]
    return {
        "macro_f1": round(float(np.mean([f1(fair[:, i], true[:, i]) for i in range(len(EMOTIONS))])), 4),
        "micro_f1": round(f1(fair.ravel(), true.ravel()), 4),
    }


def _input(run: Run, prepare: Sequence[str]) -> dict[str, Any]:
    """What the network wants to look at: ``inference.bundle.Crop``."""
    return {
        "size": run.valid[0].shape[-1],
        "channels": 1,
        "scale": 1.0,
        "mean": round(run.mean, 5),
        "std": round(run.std, 5),
        "mirrored": run.recipe.mirrored,
        **({"prepare": list(prepare)} if prepare else {}),
    }
