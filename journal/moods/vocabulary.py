"""What people call the eight emotions, and finer words for feelings, in four groups by energy and pleasantness.

The four quarters are those of the circumplex model of affect (Russell 1980). The words are names for programs; what
people read is in ``EMOTION_LABELS`` and ``LABELS`` and may be translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as emotion
from django.utils.translation import pgettext_lazy as feeling

EMOTION_LABELS: Final[Mapping[str, Promise]] = {
    "neutral": emotion("emotion", "neutral"),
    "happiness": emotion("emotion", "happiness"),
    "surprise": emotion("emotion", "surprise"),
    "sadness": emotion("emotion", "sadness"),
    "anger": emotion("emotion", "anger"),
    "disgust": emotion("emotion", "disgust"),
    "fear": emotion("emotion", "fear"),
    "contempt": emotion("emotion", "contempt"),
}

QUARTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "bright": ("excited", "joyful", "proud", "inspired", "playful", "curious", "loving", "surprised"),
    "calm": ("calm", "content", "grateful", "relaxed", "hopeful", "safe", "tender", "thoughtful"),
    "tense": ("anxious", "angry", "stressed", "irritated", "overwhelmed", "restless", "jealous", "disgusted"),
    "low": ("sad", "tired", "lonely", "empty", "bored", "discouraged", "disappointed", "ashamed"),
}
WORDS: Final = tuple(word for words in QUARTERS.values() for word in words)

TITLES: Final[Mapping[str, Promise]] = {
    "bright": _("Pleasant, much energy"),
    "calm": _("Pleasant, little energy"),
    "tense": _("Unpleasant, much energy"),
    "low": _("Unpleasant, little energy"),
}

LABELS: Final[Mapping[str, Promise]] = {
    "excited": feeling("feeling", "excited"),
    "joyful": feeling("feeling", "joyful"),
    "proud": feeling("feeling", "proud"),
    "inspired": feeling("feeling", "inspired"),
    "playful": feeling("feeling", "playful"),
    "curious": feeling("feeling", "curious"),
    "loving": feeling("feeling", "loving"),
    "surprised": feeling("feeling", "surprised"),
    "calm": feeling("feeling", "calm"),
    "content": feeling("feeling", "content"),
    "grateful": feeling("feeling", "grateful"),
    "relaxed": feeling("feeling", "relaxed"),
    "hopeful": feeling("feeling", "hopeful"),
    "safe": feeling("feeling", "safe"),
    "tender": feeling("feeling", "tender"),
    "thoughtful": feeling("feeling", "thoughtful"),
    "anxious": feeling("feeling", "anxious"),
    "angry": feeling("feeling", "angry"),
    "stressed": feeling("feeling", "stressed"),
    "irritated": feeling("feeling", "irritated"),
    "overwhelmed": feeling("feeling", "overwhelmed"),
    "restless": feeling("feeling", "restless"),
    "jealous": feeling("feeling", "jealous"),
    "disgusted": feeling("feeling", "disgusted"),
    "sad": feeling("feeling", "sad"),
    "tired": feeling("feeling", "tired"),
    "lonely": feeling("feeling", "lonely"),
    "empty": feeling("feeling", "empty"),
    "bored": feeling("feeling", "bored"),
    "discouraged": feeling("feeling", "discouraged"),
    "disappointed": feeling("feeling", "disappointed"),
    "ashamed": feeling("feeling", "ashamed"),
}
