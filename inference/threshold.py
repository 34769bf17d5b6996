"""Intensities -> which emotions are present."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inference.emotions import EMOTIONS
from inference.types import Mixture


def mixture(intensities: Sequence[float], thresholds: Mapping[str, float]) -> Mixture:
    """Eight intensities in ``EMOTIONS`` order -> a mixture; an emotion is present at or above its threshold."""
    values = tuple(float(value) for value in intensities)
    present = tuple(emotion for emotion, value in zip(EMOTIONS, values, strict=True) if value >= thresholds[emotion])
    return Mixture(values, present)
