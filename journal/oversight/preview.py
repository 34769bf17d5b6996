"""What other thresholds would change about readings that are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from inference.emotions import EMOTIONS
from journal.oversight.people import Counting
from journal.readings.models import Reading
from journal.registry.models import ModelVersion

MOST: Final = 20_000  # of the newest readings


@dataclass(frozen=True)
class Effect:
    """How often one emotion is named now, and would be."""

    emotion: str
    old: float
    new: float
    named_now: float
    named_then: float

    @property
    def difference(self) -> float:
        return self.named_then - self.named_now


@dataclass(frozen=True)
class Preview:
    """Numbers about ``readings`` of ``people``; ``left_out`` more people are too few to be counted."""

    people: int
    left_out: int
    readings: int
    changed: float  # share of readings that would name another set
    unclear_now: float
    unclear_then: float
    effects: Sequence[Effect]


def preview(version: ModelVersion, thresholds: Mapping[str, float], counting: Counting) -> Preview | None:
    """Name the emotions of stored intensities anew; None where nobody may be counted."""
    rows = Reading.objects.filter(version=version).order_by("-id").values_list("snapshot__user_id", *EMOTIONS)[:MOST]
    found = list(rows)
    people = {row[0] for row in found}
    counted = counting.among(people)
    mixtures = [row[1:] for row in found if row[0] in counted]
    if not mixtures:
        return None
    old: dict[str, float] = version.manifest["thresholds"]
    now, then = ([_named(mixture, limits) for mixture in mixtures] for limits in (old, thresholds))
    count = len(mixtures)
    return Preview(
        people=len(counted),
        left_out=counting.left_out(people),
        readings=count,
        changed=sum(a != b for a, b in zip(now, then, strict=True)) / count,
        unclear_now=sum(not any(named) for named in now) / count,
        unclear_then=sum(not any(named) for named in then) / count,
        effects=[
            Effect(
                emotion, old[emotion], thresholds[emotion],
                sum(named[i] for named in now) / count, sum(named[i] for named in then) / count,
            )
            for i, emotion in enumerate(EMOTIONS)
        ],
    )  # fmt: skip


def _named(mixture: Sequence[float], thresholds: Mapping[str, float]) -> tuple[bool, ...]:
    return tuple(value >= thresholds[emotion] for emotion, value in zip(EMOTIONS, mixture, strict=True))
