"""Named recipes: everything that decides what a run learns, in one place to choose from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final


@dataclass(frozen=True)
class Recipe:
    """Two runs with the same recipe, data, device and precision agree.

    ``peak_rate`` is the one-cycle schedule's highest learning rate, ``average_decay`` that of the moving average
    of the weights, which is what gets exported. ``steady`` keeps the rate at its peak from first to last.
    """

    architecture: dict[str, Any] = field(
        default_factory=lambda: {
            "kind": "emotion_net",
            "channels": 1,
            "stem": 24,
            "widths": [48, 96, 192],
            "blocks": [2, 2, 2],
            "dropout": 0.3,
        }
    )
    epochs: int = 18
    batch: int = 128
    peak_rate: float = 0.12
    momentum: float = 0.9
    weight_decay: float = 5e-4
    average_decay: float = 0.998
    seed: int = 0
    steady: bool = False


PLAIN: Final = Recipe()
# For trying the commands out: it learns to tell a smile from a drawn face in seconds, and is of no use on people.
TINY: Final = replace(
    PLAIN,
    architecture={**PLAIN.architecture, "stem": 4, "widths": [8, 16], "blocks": [1, 1], "dropout": 0.1},
    epochs=8,
    batch=16,
    peak_rate=0.1,
    average_decay=0.8,
)
RECIPES: Final[dict[str, Recipe]] = {"plain": PLAIN, "tiny": TINY}
