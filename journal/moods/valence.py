"""How pleasant a mixture of emotions is, from -1 to 1."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from statistics import fmean
from typing import Final

from inference.emotions import EMOTIONS

# Pleasure of the emotion's term on a scale of -1 to 1. Russell and Mehrabian 1977, "Evidence for a three-factor theory
# of emotions", Journal of Research in Personality 11: joyful, surprised, sad, angry, disgusted, fearful. They rate
# neither "neutral", which is the scale's middle, nor "contempt", for which its neighbours anger and disgust stand.
WEIGHTS: Final[Mapping[str, float]] = {
    "neutral": 0.0,
    "happiness": 0.76,
    "surprise": 0.40,
    "sadness": -0.63,
    "anger": -0.51,
    "disgust": -0.60,
    "fear": -0.64,
    "contempt": -0.555,
}
# Kept with every day that was computed by them; a new table is a new version.
WEIGHTS_VERSION: Final = "russell-mehrabian-1977.1"


def of_mixture(intensities: Mapping[str, float]) -> float | None:
    """Mean weight of a mixture, by intensity; None where there is no intensity at all."""
    total = sum(intensities[emotion] for emotion in EMOTIONS)
    if total <= 0:
        return None
    return sum(intensities[emotion] * WEIGHTS[emotion] for emotion in EMOTIONS) / total


def of_named(emotions: Collection[str]) -> float | None:
    """Mean weight of emotions that a person named, each counting the same; None where none was named."""
    return fmean(WEIGHTS[emotion] for emotion in emotions) if emotions else None
