"""What a bundle's weights come from: whose faces, whose votes, whose weights, and which licences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from training.fit import Run
from training.teach import Teacher

WEIGHTS_ARE: Final = "Weights: "
CHECK: Final = " Check whether your use is covered."
LEARNED: Final = " They were learned from "
LICENCE: Final = WEIGHTS_ARE + "{terms}." + LEARNED + "{data}.{teachers}" + CHECK
OWN_TERMS: Final = "MIT, as the program"
DERIVED_TERMS: Final = "they began as {origin}, whose terms go on to hold; the rest is MIT, as the program"
UNLABELLED: Final = ", and from what earlier weights read on photographs of {credit}"
BEGUN: Final = '{name} ("{before}")'
TEACHERS: Final = " Of the teachers, "
TAUGHT: Final = TEACHERS + "{names} had terms of their own ({terms})."
HAD_LEARNED: Final = "taught by {names}, which had learned from: {data}"
FER_FACES: Final = "FER2013 faces, which their authors collected from the web for a research challenge"
LEARNED_FROM: Final = {
    "FER+": f"{FER_FACES}, with the FER+ votes (MIT)",
    "FER2013 with FER+ votes": f"{FER_FACES}, with the FER+ votes (MIT)",
    "FER2013": FER_FACES,
}


def provenance(run: Run, data: str, origin: str = "") -> dict[str, Any]:
    """What a run's weights come from, and what that allows: the manifest's ``data`` and ``licence``.

    ``data`` and ``origin`` are those of ``export``.
    """
    lessons = run.lessons.sources() if run.lessons else []
    sources = [
        f"{data} Train (fit)",
        *(f"{line} (fit)" for line in lessons),
        f"{data} Valid (choose, calibrate)",
    ]
    licence = _licence(run, data, origin, _others(run))
    if origin:
        sources.insert(0, f"{origin} (begin)")
    if run.began:
        before, name = run.began.manifest.raw, run.began.manifest.name
        sources = [f"{name} (begin)", *before["data"], *sources]
        if before["licence"] not in (licence, _licence(run, data, origin, [])):
            licence = _licence(run, data, BEGUN.format(name=name, before=_bare(before["licence"])), _others(run))
    sources += _histories(run, sources)
    return {"data": list(dict.fromkeys(sources)), "licence": licence}


def _histories(run: Run, known: Sequence[str]) -> list[str]:
    """What the teachers had learned from beside what is known already."""
    news: dict[tuple[str, ...], list[str]] = {}
    for teacher in _others(run):
        news.setdefault(tuple(line for line in teacher.data if line not in known), []).append(teacher.name)
    return [
        HAD_LEARNED.format(names=" and ".join(names), data="; ".join(dict.fromkeys(data)))
        for data, names in news.items()
        if data
    ]


def _licence(run: Run, data: str, origin: str, teachers: Sequence[Teacher]) -> str:
    """Whose terms hold: ours, those of the weights begun with, and those that a teacher's weights have of their own."""
    own: dict[str, list[str]] = {}
    for teacher in teachers:
        own.setdefault(_terms(teacher.licence), []).append(teacher.name)
    return LICENCE.format(
        terms=DERIVED_TERMS.format(origin=origin) if origin else OWN_TERMS,
        data=_learned_from(run, data),
        teachers="".join(
            TAUGHT.format(names=" and ".join(names), terms=terms)
            for terms, names in own.items()
            if terms not in ("", OWN_TERMS)
        ),
    )


def _others(run: Run) -> list[Teacher]:
    """The teachers, without the bundle that the run began with."""
    begun = run.began.manifest.sha256 if run.began else None
    return [teacher for teacher in run.lessons.teachers if teacher.sha256 != begun] if run.lessons else []


def _bare(licence: str) -> str:
    return licence.removeprefix(WEIGHTS_ARE).removesuffix(CHECK)


def _terms(licence: str) -> str:
    """A licence without the faces: the weights' own terms, and those of who taught them."""
    bare = _bare(licence)
    own, taught = (_outermost(bare, mark) for mark in (LEARNED, TEACHERS))
    return (bare[:own] + bare[taught:]).removesuffix(".")


def _outermost(text: str, mark: str) -> int:
    """Where a mark begins outside all brackets; the text's end where it doesn't."""
    places = (found.start() for found in re.finditer(re.escape(mark), text))
    return next((at for at in places if text.count("(", 0, at) == text.count(")", 0, at)), len(text))


def _learned_from(run: Run, data: str) -> str:
    credit = run.lessons.credit if run.lessons else ""
    return LEARNED_FROM.get(data, data) + (UNLABELLED.format(credit=credit) if credit else "")
