"""The eight emotions, in FER+ order: the only place that lists them."""

from __future__ import annotations

from typing import Final

EMOTIONS: Final[tuple[str, ...]] = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
)

EMOJI: Final[dict[str, str]] = {
    "neutral": "😐",
    "happiness": "😊",
    "surprise": "😮",
    "sadness": "😢",
    "anger": "😠",
    "disgust": "🤢",
    "fear": "😨",
    "contempt": "😏",
}
