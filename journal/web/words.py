"""What the pages say about a reading: names, headlines, and a kind sentence for each way it can end."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.moods.vocabulary import EMOTION_LABELS
from journal.readings.presence import Presence

MESSAGES: dict[str, str | Promise] = {
    "waiting": gettext_lazy("Your snapshot is being read."),
    "worker_warming": gettext_lazy("The reader is warming up. Your snapshot is kept and comes next."),
    "worker_away": gettext_lazy(
        "The reader is away just now. Your snapshot is kept, and the reading arrives when it returns."
    ),
    "worker_refused": gettext_lazy(
        "The reader found its model damaged and won't guess. Your snapshot is kept; "
        "please tell the person who runs this site."
    ),
    "no_clear_reading": gettext_lazy("Nothing stood out enough to name, and Moodtide doesn't make up a mood."),
    "no_face": gettext_lazy("No face was found. Look towards the camera, with your whole face in the oval."),
    "too_small": gettext_lazy("Your face is too far away to read. Come a little closer and try again."),
    "too_dark": gettext_lazy("It's too dark to read your face fairly. Turn towards a window or a lamp."),
    "blurred": gettext_lazy("The picture is blurred. Hold still for a moment, or wipe the lens, and try again."),
    "failed": gettext_lazy(
        "This snapshot couldn't be read, and that isn't your doing. The picture has been deleted. "
        "Another snapshot will most likely work."
    ),
}


# The same for a photo from the device, in front of which nobody sits now.
UPLOADED: dict[str, str | Promise] = {
    "no_face": gettext_lazy("No face was found in this photo. One that shows your whole face from the front will do."),
    "too_small": gettext_lazy("The face in this photo is too small to read. Try one that was taken from closer."),
    "too_dark": gettext_lazy("This photo is too dark to read the face on it fairly. Try a brighter one."),
    "blurred": gettext_lazy("This photo is too blurred to read the face on it fairly. Try a sharper one."),
}


def message(state: str, source: str = "") -> str:
    """The sentence for a state, in the words for a photo where the snapshot was one."""
    uploaded = UPLOADED.get(state) if source == "upload" else None
    return str(uploaded or MESSAGES.get(state, ""))


def percent(share: float) -> str:
    """A share in whole percent; nothing is ever quite certain or quite impossible."""
    whole = round(share * 100)
    if whole <= 0:
        return "< 1"
    return "> 99" if whole >= 100 else str(whole)


def waiting_message(presence: Presence) -> str:
    """What to say while a snapshot waits, depending on whether anybody is there to read it."""
    key = {
        Presence.WARMING: "worker_warming",
        Presence.AWAY: "worker_away",
        Presence.REFUSED: "worker_refused",
    }.get(presence, "waiting")
    return message(key)


def headline(present: Sequence[tuple[str, float]]) -> str:
    """Name the emotions that are present, strongest first, from (name, intensity) pairs."""
    names = [str(EMOTION_LABELS[name]) for name, _intensity in present]
    if not names:
        return _("No clear reading")
    if len(names) == 1:
        return _("Mostly %(first)s") % {"first": names[0]}
    first, second = present[0][1], present[1][1]
    if len(names) == 2 and second < first / 2:
        return _("Mostly %(first)s, with some %(second)s") % {"first": names[0], "second": names[1]}
    return listed(names)


def listed(names: Sequence[str]) -> str:
    """Names as a sentence: "Happiness and surprise", "Sadness, fear and anger"."""
    if len(names) == 1:
        sentence = names[0]
    else:
        sentence = _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
    return sentence[:1].upper() + sentence[1:]
