"""Rows -> what the templates draw."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from inference.emotions import EMOTIONS
from journal.moods.models import CheckIn
from journal.moods.vocabulary import EMOTION_LABELS
from journal.readings.models import Reading
from journal.readings.presence import Presence
from journal.snapshots.models import Snapshot
from journal.web import words


@dataclass(frozen=True)
class Bar:
    """One emotion of a mixture; ``width`` and ``threshold`` in percent of the whole bar."""

    name: str
    label: str
    percent: str
    width: float
    present: bool
    threshold: float


@dataclass(frozen=True)
class Segment:
    """A slice of the small stacked bar; ``x`` and ``width`` in percent."""

    name: str
    label: str
    x: float
    width: float
    percent: str


@dataclass(frozen=True)
class Choice:
    name: str
    label: str
    checked: bool


@dataclass(frozen=True)
class Entry:
    """A snapshot as the journal lists it."""

    snapshot: Snapshot
    state: str
    headline: str
    leading: str
    url: str
    segments: list[Segment] = field(default_factory=list)
    check_in: CheckIn | None = None
    said: str = ""
    model: str = ""


def state_of(snapshot: Snapshot) -> str:
    """One word for where a snapshot stands, as templates know it."""
    if snapshot.waiting:
        return "waiting"
    if snapshot.status == Snapshot.Status.FAILED:
        return "failed"
    return snapshot.outcome


def champion_reading(snapshot: Snapshot) -> Reading | None:
    """The reading that the person sees; uses what was prefetched."""
    return next((r for r in snapshot.readings.all() if r.role == Reading.Role.CHAMPION), None)


def check_in_of(reading: Reading | None) -> CheckIn | None:
    return getattr(reading, "check_in", None) if reading else None


def result_context(snapshot: Snapshot, presence: Presence) -> dict[str, Any]:
    """Everything that ``web/_result.html`` shows."""
    reading, state = champion_reading(snapshot), state_of(snapshot)
    check_in = check_in_of(reading)
    return {
        "snapshot": snapshot,
        "state": state,
        "away": presence in (Presence.AWAY, Presence.REFUSED),
        "message": words.waiting_message(presence) if state == "waiting" else words.message(state, snapshot.source),
        "headline": _headline(reading),
        "bars": bars(reading) if reading else [],
        "box": _box(reading) if reading else "",
        "leading": leading_emotion(reading, check_in),
        "check_in": check_in,
        "said": _said(check_in),
        "choices": _choices(check_in),
        "somebody_else": (snapshot.faces or 0) > 1,  # small faces behind a large one aren't looked for
        "picture_url": _picture_url(snapshot),
        "model": reading.version.name if reading else "",
    }


def bars(reading: Reading) -> list[Bar]:
    thresholds: dict[str, float] = reading.version.manifest["thresholds"]
    return [
        Bar(
            name,
            str(EMOTION_LABELS[name]),
            words.percent(value),
            round(value * 100, 2),
            name in reading.present,
            round(thresholds[name] * 100, 2),
        )
        for name, value in _by_intensity(reading)
    ]


def entry(snapshot: Snapshot) -> Entry:
    reading, state = champion_reading(snapshot), state_of(snapshot)
    check_in = check_in_of(reading)
    return Entry(
        snapshot=snapshot,
        state=state,
        headline=_headline(reading) or words.message(state),
        leading=leading_emotion(reading, check_in),
        url=reverse("web:snapshot", args=[snapshot.pk]),
        segments=_segments(reading) if reading else [],
        check_in=check_in,
        said=_said(check_in),
        model=reading.version.name if reading else "",
    )


def leading_emotion(reading: Reading | None, check_in: CheckIn | None) -> str:
    """The emotion to show: the first that the person named, else the strongest that is present; may be empty."""
    if check_in and not check_in.felt_right:
        return check_in.emotions[0] if check_in.emotions else ""
    shown = _present(reading)
    return shown[0][0] if shown else ""


def _headline(reading: Reading | None) -> str:
    return words.headline(_present(reading)) if reading else ""


def _present(reading: Reading | None) -> list[tuple[str, float]]:
    return [pair for pair in _by_intensity(reading) if pair[0] in reading.present] if reading else []


def _by_intensity(reading: Reading) -> list[tuple[str, float]]:
    return sorted(reading.mixture.by_name().items(), key=lambda pair: -pair[1])


def _segments(reading: Reading) -> list[Segment]:
    total = sum(reading.mixture.intensities) or 1.0
    segments, x = [], 0.0
    for name, value in reading.mixture.by_name().items():
        width = 100 * value / total
        segments.append(Segment(name, str(EMOTION_LABELS[name]), round(x, 2), round(width, 2), words.percent(value)))
        x += width
    return segments


def _said(check_in: CheckIn | None) -> str:
    """What the person named instead of the reading; empty where they agreed or named nothing."""
    if check_in is None or check_in.felt_right:
        return ""
    return ", ".join(str(EMOTION_LABELS[name]) for name in check_in.emotions)


def _choices(check_in: CheckIn | None) -> list[Choice]:
    # Nothing is ticked beforehand: the camera's answer must not slip into the person's own.
    checked = check_in.emotions if check_in else []
    return [Choice(name, str(EMOTION_LABELS[name]), name in checked) for name in EMOTIONS]


def _box(reading: Reading) -> str:
    sides = (reading.box_left, reading.box_top, reading.box_right, reading.box_bottom)
    return ",".join(f"{side:.4f}" for side in sides)


def _picture_url(snapshot: Snapshot) -> str:
    if not snapshot.picture or snapshot.waiting:
        return ""
    return reverse("web:picture", args=[snapshot.pk])
