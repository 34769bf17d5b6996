"""What people call the eight emotions, and finer words for feelings, in four groups by energy and pleasantness.

The four quarters are those of the circumplex model of affect (Russell 1980). The words are names for programs; what
people read is in ``EMOTION_LABELS`` and ``LABELS`` and may be translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

EMOTION_LABELS: Final[Mapping[str, Promise]] = {
    "neutral": pgettext_lazy("emotion", "neutral"),
    "happiness": pgettext_lazy("emotion", "happiness"),
    "surprise": pgettext_lazy("emotion", "surprise"),
    "sadness": pgettext_lazy("emotion", "sadness"),
    "anger": pgettext_lazy("emotion", "anger"),
    "disgust": pgettext_lazy("emotion", "disgust"),
    "fear": pgettext_lazy("emotion", "fear"),
    "contempt": pgettext_lazy("emotion", "contempt"),
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
    "excited": pgettext_lazy("feeling", "excited"),
    "joyful": pgettext_lazy("feeling", "joyful"),
    "proud": pgettext_lazy("feeling", "proud"),
    "inspired": pgettext_lazy("feeling", "inspired"),
    "playful": pgettext_lazy("feeling", "playful"),
    "curious": pgettext_lazy("feeling", "curious"),
    "loving": pgettext_lazy("feeling", "loving"),
    "surprised": pgettext_lazy("feeling", "surprised"),
    "calm": pgettext_lazy("feeling", "calm"),
    "content": pgettext_lazy("feeling", "content"),
    "grateful": pgettext_lazy("feeling", "grateful"),
    "relaxed": pgettext_lazy("feeling", "relaxed"),
    "hopeful": pgettext_lazy("feeling", "hopeful"),
    "safe": pgettext_lazy("feeling", "safe"),
    "tender": pgettext_lazy("feeling", "tender"),
    "thoughtful": pgettext_lazy("feeling", "thoughtful"),
    "anxious": pgettext_lazy("feeling", "anxious"),
    "angry": pgettext_lazy("feeling", "angry"),
    "stressed": pgettext_lazy("feeling", "stressed"),
    "irritated": pgettext_lazy("feeling", "irritated"),
    "overwhelmed": pgettext_lazy("feeling", "overwhelmed"),
    "restless": pgettext_lazy("feeling", "restless"),
    "jealous": pgettext_lazy("feeling", "jealous"),
    "disgusted": pgettext_lazy("feeling", "disgusted"),
    "sad": pgettext_lazy("feeling", "sad"),
    "tired": pgettext_lazy("feeling", "tired"),
    "lonely": pgettext_lazy("feeling", "lonely"),
    "empty": pgettext_lazy("feeling", "empty"),
    "bored": pgettext_lazy("feeling", "bored"),
    "discouraged": pgettext_lazy("feeling", "discouraged"),
    "disappointed": pgettext_lazy("feeling", "disappointed"),
    "ashamed": pgettext_lazy("feeling", "ashamed"),
}
