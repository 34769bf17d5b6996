"""Where a run trains: on a GPU where there is one, otherwise on the CPU, in bf16 where that is faster here."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import torch
from torch.nn import functional as F

from inference.network import build
from training.formats import SIDE, VOTE_COLUMNS
from training.recipes import Recipe

STEPS: Final = 3
WORTH: Final = 1.15  # bf16 rounds, so it has to be clearly faster


class NoSuchDevice(ValueError):
    """There is no such device here; the sentence says what to do."""


@dataclass(frozen=True)
class Place:
    """``device`` as torch names it, and ``precision`` of the arithmetic: "fp32" or "bf16". Weights stay fp32."""

    device: str = "cpu"
    precision: str = "fp32"

    def arithmetic(self) -> torch.autocast:
        """A context in which networks compute at this place's precision."""
        return torch.autocast(self.device.split(":")[0], torch.bfloat16, enabled=self.precision == "bf16")


def choose(recipe: Recipe, device: str | None = None, precision: str | None = None, side: int = SIDE) -> Place:
    """What wasn't asked for is chosen: the GPU if there is one, and on a CPU the faster precision, by trying both.

    Raises ``NoSuchDevice``.
    """
    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    if not there(device):
        raise NoSuchDevice(f"There is no device {device!r} here; without --device the run takes what there is.")
    if precision:
        return Place(device, precision)
    if device.startswith("cuda"):
        return Place(device, "bf16" if torch.cuda.is_bf16_supported() else "fp32")
    plain, short = (_seconds(recipe, Place(device, name), side) for name in ("fp32", "bf16"))
    return Place(device, "bf16" if plain > WORTH * short else "fp32")


def there(device: str) -> bool:
    """Can networks run on this device, here and now?"""
    return device == "cpu" or (device.startswith("cuda") and torch.cuda.is_available())


def _seconds(recipe: Recipe, place: Place, side: int) -> float:
    """The fastest of a few training steps; the first one, which sets things up, doesn't count."""
    network = build(recipe.architecture, len(VOTE_COLUMNS)).to(place.device)
    faces = torch.zeros(recipe.batch, 1, side, side).to(place.device)
    wanted = torch.full((recipe.batch, len(VOTE_COLUMNS)), 1 / len(VOTE_COLUMNS), device=place.device)
    taken = []
    faces = faces.contiguous(memory_format=torch.channels_last)
    for _ in range(STEPS + 1):
        started = time.perf_counter()
        with place.arithmetic():
            logits = network(faces)
        F.cross_entropy(logits.float(), wanted).backward()
        taken.append(time.perf_counter() - started)
    return min(taken[1:])
