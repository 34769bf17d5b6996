"""What an approach is asked to do, and what it hands back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.datasets import Faces
from training.evaluate import Floats

if TYPE_CHECKING:
    from training.features import FeatureStore


@dataclass(frozen=True)
class Task:
    """One approach's faces and its limits.

    ``train`` is in a random order, so that its first N are a fair sample. ``budget`` is in seconds of the processor,
    all threads together. ``steps`` were done to the faces already. ``folder`` is the approach's own.
    """

    name: str
    train: Faces
    valid: Faces
    folder: Path
    budget: float
    steps: tuple[str, ...]
    features: tuple[FeatureStore, FeatureStore]
    data: str
    quick: bool = False


@dataclass(frozen=True)
class Fitted:
    """What came of it.

    ``logits``: N x 10 for the validation faces, minus infinity where the approach doesn't know the class.
    ``seconds`` and ``processor_seconds`` of the fit; ``milliseconds`` a face on one thread, from pixels to logits.
    ``seen``: faces that were looked at, each as often as it was; ``distinct``: how many different ones.
    """

    logits: Floats
    parameters: int
    bytes: int
    milliseconds: float
    seconds: float = 0.0
    processor_seconds: float = 0.0
    seen: int = 0
    distinct: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Approach:
    """A row of the table. ``about`` decides, with the data and the budget, whether an old result still holds."""

    name: str
    group: str
    fit: Callable[[Task], Fitted]
    about: dict[str, Any]
