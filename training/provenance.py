"""What a bundle's weights come from: whose faces, whose votes, whose weights, and which licences."""

from __future__ import annotations

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
TAUGHT: Final = " Of the teachers, {names} had terms of their own: {terms}."
HAD_LEARNED: Final = "{name}, a teacher, had learned from: {data}"
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
    told = set(sources)
    for teacher in _others(run):
        if news := [line for line in dict.fromkeys(teacher.data) if line not in told]:
            sources.append(HAD_LEARNED.format(name=teacher.name, data="; ".join(news)))
            told.update(news)
    return {"data": list(dict.fromkeys(sources)), "licence": licence}


def _licence(run: Run, data: str, origin: str, teachers: Sequence[Teacher]) -> str:
    """Whose terms hold: ours, those of the weights begun with, and those that a teacher's weights have of their own."""
    own: dict[str, list[str]] = {}
    for teacher in teachers:
        if teacher.licence and not _bare(teacher.licence).startswith(OWN_TERMS):
            own.setdefault(_terms(teacher.licence), []).append(teacher.name)
    return LICENCE.format(
        terms=DERIVED_TERMS.format(origin=origin) if origin else OWN_TERMS,
        data=_learned_from(run, data),
        teachers="".join(TAUGHT.format(names=" and ".join(names), terms=terms) for terms, names in own.items()),
    )


def _others(run: Run) -> list[Teacher]:
    """The teachers, without the bundle that the run began with."""
    begun = run.began.manifest.name if run.began else ""
    return [teacher for teacher in run.lessons.teachers if teacher.name != begun] if run.lessons else []


def _bare(licence: str) -> str:
    return licence.removeprefix(WEIGHTS_ARE).removesuffix(CHECK)


def _terms(licence: str) -> str:
    return _bare(licence).partition(LEARNED)[0].rstrip(".")


def _learned_from(run: Run, data: str) -> str:
    credit = run.lessons.credit if run.lessons else ""
    return LEARNED_FROM.get(data, data) + (UNLABELLED.format(credit=credit) if credit else "")
