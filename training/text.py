"""An evaluation's numbers -> lines for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from training.intervals import shown


def as_text(numbers: dict[str, Any]) -> str:
    """Every figure with its 95 % bootstrap interval, one line each."""
    return "\n".join(_lines(numbers))


def _lines(numbers: dict[str, Any]) -> Iterator[str]:
    bundle = numbers["bundle"]
    yield f"{bundle['name']} ({bundle['sha256'][:12]}) on {numbers['split']}"
    yield (
        f"{numbers['faces']} faces, {numbers['faces_majority']} with a majority, "
        f"{numbers['faces_multi_label']} in the multi-label protocol"
    )
    yield f"thresholds {numbers['thresholds']}; 95 % bootstrap intervals in brackets"
    yield ""
    for name, figure in numbers["figures"].items():
        yield f"{name:20}{shown(figure)}"
    for name, figure in numbers["shipped_thresholds"].items():
        yield f"{name:20}{shown(figure)}  by the bundle's own thresholds"
    yield ""
    yield f"{'':12}{'true':>6}  {'F1':23}{'precision':23}{'recall':23}average precision"
    for emotion, row in numbers["emotions"].items():
        cells = "".join(f"{shown(row[name]):23}" for name in ("f1", "precision", "recall", "average_precision"))
        yield f"{emotion:12}{row['true']:6}  {cells}".rstrip()
    yield ""
    yield from _ruler(numbers["human_ruler"])
    yield ""
    yield from _seven(numbers["seven_classes"])
    if "robustness" in numbers:
        yield ""
        yield from _robustness(numbers["robustness"])


def _ruler(ruler: dict[str, Any]) -> Iterator[str]:
    worth = ruler["worth"]
    yield f"not below a panel of {worth} on macro and micro F1" if worth else "below a panel of one viewer"
    for viewers, compared in ruler["panels"].items():
        for name, row in compared.items():
            yield (
                f"panel of {viewers}  {name:9} panel {shown(row['panel'])}  model {shown(row['model'])}  "
                f"ahead by {shown(row['ahead'])}"
            )


def _seven(seven: dict[str, Any]) -> Iterator[str]:
    yield f"seven classes, {seven['heading']}: {seven['faces']} faces"
    yield f"{'accuracy':20}{shown(seven['accuracy'])}"
    yield f"{'macro F1':20}{shown(seven['macro_f1'])}  over the {seven['averaged']} that occur"


def _robustness(found: dict[str, Any]) -> Iterator[str]:
    yield f"robustness, on {found['faces']} faces drawn at random, by the bundle's own thresholds"
    yield f"{'':34}{'majority':23}{'macro F1':23}{'micro F1':23}mAP"
    for name, row in found["conditions"].items():
        cells = "".join(f"{shown(figure):23}" for figure in row.values())
        yield f"{name:34}{cells}".rstrip()
