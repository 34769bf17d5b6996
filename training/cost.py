"""What a bundle costs: bytes on disk and milliseconds a face."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from inference.bundle import WEIGHTS, load_bundle
from inference.classify import Classifier

BATCH: Final = 16
ROUNDS: Final = 7


def measure_cost(bundle: Path, precisions: Sequence[str] = ("fp32", "bf16")) -> dict[str, Any]:
    """Size, parameters and the fastest of a few rounds on one thread in each precision. Raises ``BundleError``."""
    loaded = load_bundle(bundle)
    classifier, before = Classifier(loaded), torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        milliseconds = {name: _milliseconds(classifier, name == "bf16") for name in precisions}
    finally:
        torch.set_num_threads(before)
    return {
        "bytes": (bundle / WEIGHTS).stat().st_size,
        "parameters": int(sum(tensor.size for tensor in loaded.weights.values())),
        "batch": BATCH,
        "milliseconds_a_face": milliseconds,
    }


def _milliseconds(classifier: Classifier, short: bool) -> float:
    size, taken = classifier.manifest.crop.size, []
    faces = np.random.default_rng(0).integers(0, 255, (BATCH, size, size), dtype=np.uint8)
    with torch.autocast("cpu", torch.bfloat16, enabled=short):
        for _ in range(ROUNDS):
            started = time.perf_counter()
            classifier.intensities(faces)
            taken.append(time.perf_counter() - started)
    return round(min(taken) / BATCH * 1000, 2)
