"""What a check-in's form sends -> an entry, and what its page draws."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from inference.emotions import EMOTIONS
from journal.accounts import zones
from journal.accounts.models import User
from journal.accounts.refusal import Refused
from journal.accounts.seal import Opener
from journal.moods import corrections, tags, vocabulary
from journal.moods.checkin import LONGEST_NOTE, Entry, note_of
from journal.moods.models import CheckIn, Tag
from journal.moods.vocabulary import EMOTION_LABELS
from journal.web.present import entry

SLIDER = 100  # a slider's end, in its own steps


@dataclass(frozen=True)
class Chip:
    """Something to tick."""

    value: str
    label: str
    icon: str
    checked: bool


@dataclass(frozen=True)
class Chips:
    title: str
    name: str
    chips: list[Chip]


def entry_of(form: QueryDict) -> Entry:
    """Read a submitted form. Raises ``Refused`` for what no page of ours would send."""
    zone = zones.known_or_default(form.get("zone", ""))
    return Entry(
        at=_moment(form.get("at", ""), zone),
        zone=zone,
        valence=_slider(form, "valence"),
        energy=_slider(form, "energy"),
        emotions=tuple(form.getlist("emotions")),
        words=tuple(form.getlist("words")),
        tags=frozenset(_uuid(value) for value in form.getlist("tags")),
        # Browsers send line ends as two letters; a note has one.
        note=form.get("note", "").replace("\r\n", "\n"),
        taken_over=_snapshot(form.get("taken_over", "")),
    )


def revision_of(form: QueryDict) -> int:
    text = form.get("revision", "0")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _moment(text: str, zone: str) -> datetime:
    """A local time in the zone, as ``datetime-local`` has it; empty means now."""
    if not text:
        return timezone.now().replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("bad_time", _("That date or time can't be read. Please choose it once more.")) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _slider(form: QueryDict, name: str) -> float | None:
    if f"{name}_set" not in form:
        return None
    try:
        return float(form.get(name, "")) / SLIDER
    except ValueError as error:
        raise Refused("off_scale", _("A slider stands outside its scale. Please move it once more.")) from error


def _snapshot(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise Refused("unknown_snapshot", _("This page is out of date. Please load it again.")) from error


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Refused("unknown_tag", _("One of the tags is gone. Please load the page again.")) from error


def form_context(user: User, row: CheckIn | None) -> dict[str, Any]:
    """Everything that ``web/_checkin_form.html`` shows, for a new check-in or for one that is kept."""
    opener = Opener(user)
    chosen = {tag.pk for tag in row.tags.all()} if row else set()
    return {
        "pk": row.pk if row else uuid.uuid4(),
        "revision": row.revision if row else 0,
        "at": f"{row.at.astimezone(ZoneInfo(row.zone)):%Y-%m-%dT%H:%M}" if row else "",
        "form_zone": row.zone if row else "",
        "valence": _position(row.valence if row else None),
        "energy": _position(row.energy if row else None),
        "note": note_of(row, opener) if row else "",
        "longest_note": LONGEST_NOTE,
        "emotions": _emotions(row),
        "offer": _offer(user, row),
        "word_groups": _words(row),
        "tag_groups": _tags(user, chosen),
        "tag_icons": tags.ICONS,
        "tag_group_choices": Tag.Group.choices,
        "starters": _starters(),
    }


def _position(value: float | None) -> int | None:
    return None if value is None else round(value * SLIDER)


def _emotions(row: CheckIn | None) -> list[Chip]:
    # Nothing is ticked beforehand: the camera's answer must not slip into the person's own.
    felt = row.emotions if row else []
    return [Chip(name, str(EMOTION_LABELS[name]), name, name in felt) for name in EMOTIONS]


def _offer(user: User, row: CheckIn | None) -> dict[str, Any] | None:
    """What the camera saw a while ago, to be taken over as it is or corrected."""
    reading = row.taken_over if row and row.taken_over else None if row else corrections.offered(user)
    if reading is None:
        return None
    seen = entry(reading.snapshot)
    return {"seen": seen, "present": " ".join(reading.present), "taken": bool(row)}


def _words(row: CheckIn | None) -> list[Chips]:
    said = set(row.words) if row else set()
    return [
        Chips(
            str(vocabulary.TITLES[quarter]),
            quarter,
            [Chip(word, str(vocabulary.LABELS[word]), "", word in said) for word in words],
        )
        for quarter, words in vocabulary.QUARTERS.items()
    ]


def _tags(user: User, chosen: set[uuid.UUID]) -> list[Chips]:
    shown = [tag for tag in tags.all_tags(user) if not tag.put_away or tag.id in chosen]
    groups = []
    for group in Tag.Group:
        chips = [Chip(str(t.id), t.name, t.icon, t.id in chosen) for t in shown if t.group == group.value]
        if chips:
            groups.append(Chips(str(group.label), group.value, chips))
    return groups


def _starters() -> list[dict[str, str]]:
    return [
        {"name": str(name), "icon": icon, "group": str(group)}
        for group, starters in tags.STARTERS.items()
        for name, icon in starters
    ]
