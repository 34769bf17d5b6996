"""What a comparison is asked for: all of it is checked before the first approach costs anything."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Final

from inference.bundle import PREPARATIONS
from training import baselines, networks, packaged
from training.approach import Approach
from training.comparison_table import markers
from training.detectors import DETECTORS
from training.photos import listed
from training.sources import DataError

RESIZE: Final = re.compile(r"resize(\d{2,3})")
SIDES: Final = (16, 224)
# What each step of preprocessing is worth is measured on one cheap and one learned approach.
PREPARED: Final = tuple(
    f"{name}@{step}" for name in ("hog-linear-svm", "cnn") for step in ("denoise", "equalise", "resize24")
)


@dataclass(frozen=True)
class Settings:
    """What was asked for. ``budget`` in minutes of the processor for each approach; ``work`` holds what is kept."""

    data: str
    work: Path
    budget: float | None = None
    fairface: Path | None = None
    votes: Path | None = None
    only: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


@cache
def approaches() -> Mapping[str, Approach]:
    """All of them by name, in the table's order."""
    known = [*baselines.approaches(), *networks.approaches(), *packaged.approaches()]
    return {approach.name: approach for approach in known}


def check(settings: Settings, page: Path | None = None) -> None:
    """Raise ``DataError`` for whatever couldn't be done, or couldn't be written into ``page``, in the end."""
    for name in names_of(settings):
        steps_of(name)
    if settings.budget is not None and not (math.isfinite(settings.budget) and settings.budget > 0):
        raise DataError(f"A budget of {settings.budget:g} minutes is no time; it has to be a number above 0.")
    if settings.fairface and not settings.fairface.exists():
        raise DataError(f"{settings.fairface} is missing, so there are no photographs for the detectors.")
    if settings.fairface and not listed(settings.fairface)[1]:
        raise DataError(f"{settings.fairface}: its labels.csv lists no photographs.")
    if page and not page.parent.is_dir():
        raise DataError(f"{page.parent} is no folder, so {page.name} can't be written into it.")
    if page and page.is_dir():
        raise DataError(f"{page} is a folder, not a page to put the table into.")
    if page and page.is_file():
        markers(page)


def names_of(settings: Settings) -> list[str]:
    """What ``--only`` and ``--preprocess`` choose, or everything. Raises ``DataError`` where that is nothing."""
    known = [*approaches(), *DETECTORS]
    everything = [*approaches(), *PREPARED, *DETECTORS]
    chosen: list[str] = []
    for wanted in settings.only or ("*",):
        matching = [name for name in everything if fnmatch(name, wanted)]
        if not matching and "@" in wanted and wanted.split("@")[0] in known:
            matching = [wanted]
        if not matching:
            raise DataError(f"There is no approach {wanted!r}; there are {', '.join(known)}.")
        chosen += [name for name in matching if name not in chosen]
    if not settings.steps:
        return chosen
    steps = "+".join(settings.steps)
    prepared = [f"{name}@{steps}" for name in chosen if "@" not in name and name not in DETECTORS]
    if not prepared:
        raise DataError(f"Nothing is left to do {steps} for: {', '.join(settings.only)} can't be given --preprocess.")
    return prepared


def steps_of(name: str) -> tuple[str, ...]:
    """``cnn@equalise+resize32`` -> the steps, a resize first, as a bundle's crop comes in its size."""
    plain, at, said = name.partition("@")
    steps = said.split("+") if at else []
    for step in steps:
        if step not in PREPARATIONS and not _is_resize(step):
            raise DataError(f"{step!r} is none of {', '.join(PREPARATIONS)} and resize{SIDES[0]} to resize{SIDES[1]}.")
    if steps and plain in DETECTORS:
        raise DataError(f"{plain} looks for faces on whole photographs, so {said} can't be done to its faces first.")
    if len(resizes := [step for step in steps if step not in PREPARATIONS]) > 1:
        raise DataError(f"Faces have one size in the end: {name} asks for {' and '.join(resizes)}.")
    return tuple(sorted(steps, key=lambda step: step in PREPARATIONS))


def _is_resize(step: str) -> bool:
    match = RESIZE.fullmatch(step)
    return bool(match and SIDES[0] <= int(match[1]) <= SIDES[1])
