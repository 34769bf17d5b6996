"""Evaluations come in from a manifest, from ``training evaluate --json`` and from a model card's JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from inference import strict_json
from inference.emotions import EMOTIONS
from journal.registry.history import note
from journal.registry.models import Decision, Evaluation, Figure, ModelVersion
from journal.registry.refusal import VersionRefused
from journal.registry.storage import digest_of

LARGEST_FILE: Final = 4 * 1024 * 1024
MOST_FIGURES: Final = 5000
# What only tells how the figures were made, or how many faces they are from, stays with the raw numbers.
NO_FIGURES: Final = ("faces", "faces_majority", "faces_multi_label", "photographs", "batch", "true")
Found = tuple[str, str, str, Mapping[str, Any]]  # emotion, group, name, {value, low, high}


@dataclass(frozen=True)
class Measured:
    """One evaluation as it came: where it belongs, and its numbers."""

    source: Evaluation.Source
    data: str
    split: str
    numbers: Mapping[str, Any]


def import_manifest(version: ModelVersion) -> None:
    """The figures that a bundle brings along, by data set; there may be none."""
    found: dict[str, Measured] = {}  # by digest: names may say the same in other letters' case
    for name, numbers in version.manifest["metrics"].items():
        if any(_figures(numbers)):
            data, _space, split = str(name)[:80].rpartition(" ")
            measured = Measured(Evaluation.Source.MANIFEST, data or split, split.lower()[:40], numbers)
            found[_digest(measured)] = measured
    for measured in found.values():
        _keep(version, measured, None)


def import_file(version: ModelVersion, content: bytes, data: str, by: int | None) -> list[Evaluation]:
    """The output of ``python -m training evaluate --json``, or a model card's card.json. Raises ``VersionRefused``.

    ``data`` names the data set, for files that don't say it themselves.
    """
    measured = _of_file(version, content, data)
    with transaction.atomic():
        kept = [_keep(version, part, by) for part in measured]
        _note(version, kept, by)
    return kept


def import_new(version: ModelVersion, content: bytes, data: str) -> list[Evaluation]:
    """What such a file holds beyond what is here already, by nobody in particular. Raises ``VersionRefused``."""
    measured = _of_file(version, content, data)
    with transaction.atomic():
        known = set(version.evaluations.values_list("digest", flat=True))
        kept = [_keep(version, part, None) for part in measured if _digest(part) not in known]
        if kept:
            _note(version, kept, None)
    return kept


def _of_file(version: ModelVersion, content: bytes, data: str) -> list[Measured]:
    numbers = _parsed(content)
    measured = list(_card(numbers, data)) if "evaluation" in numbers else [_evaluation(numbers, data)]
    _require_its_own(version, measured[0].numbers)
    return measured


def _note(version: ModelVersion, kept: list[Evaluation], by: int | None) -> None:
    note(version, Decision.Kind.EVIDENCE, by, ", ".join(f"{row.data} {row.split}" for row in kept))


def _digest(measured: Measured) -> str:
    return digest_of([measured.data, measured.split, measured.numbers])


def _parsed(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST_FILE:
        raise VersionRefused("too_large", _("That file is larger than any evaluation."))
    try:
        numbers = strict_json.loads(content)
    except ValueError as error:
        raise VersionRefused(
            "not_json", _("That isn't the JSON that `python -m training evaluate --json` prints.")
        ) from error
    if not isinstance(numbers, dict):
        raise VersionRefused("not_json", _("That isn't the JSON that `python -m training evaluate --json` prints."))
    return numbers


def _evaluation(numbers: Mapping[str, Any], data: str) -> Measured:
    if not isinstance(numbers.get("figures"), dict) or not isinstance(numbers.get("split"), str):
        raise VersionRefused("no_figures", _("There are no figures in that file, or it doesn't say of which split."))
    return Measured(Evaluation.Source.EVALUATE, data, numbers["split"][:40], numbers)


def _card(card: Mapping[str, Any], data: str) -> Iterator[Measured]:
    """A card holds the evaluation, photographs, groups of people, and what reading costs.

    What it says itself of its data outranks ``data``; older ones say nothing.
    """
    data = card["data"][:80] if isinstance(card.get("data"), str) else data
    if not isinstance(card["evaluation"], dict):
        raise VersionRefused("no_figures", _("There are no figures in that file, or it doesn't say of which split."))
    yield Measured(Evaluation.Source.CARD, data, _evaluation(card["evaluation"], data).split, card["evaluation"])
    for photos in _dicts(card.get("photos")):
        yield Measured(Evaluation.Source.CARD, str(photos.get("source", "photographs"))[:80], "photographs", photos)
    if isinstance(card.get("groups"), dict):
        yield Measured(Evaluation.Source.CARD, "FairFace", "groups", card["groups"])
    if isinstance(card.get("cost"), dict):
        yield Measured(Evaluation.Source.CARD, "cost", "one thread", card["cost"])


def _require_its_own(version: ModelVersion, numbers: Mapping[str, Any]) -> None:
    bundle = numbers.get("bundle")
    measured = (bundle.get("name"), bundle.get("sha256")) if isinstance(bundle, dict) else (None, None)
    if measured != (version.manifest["name"], version.sha256):
        raise VersionRefused(
            "another_bundle",
            _("These figures are of %(other)s and not of %(name)s.")
            % {"other": str(measured[0] or _("an unknown bundle"))[:80], "name": version.name},
        )


def _keep(version: ModelVersion, measured: Measured, by: int | None) -> Evaluation:
    figures = list(_figures(measured.numbers))
    if not figures or len(figures) > MOST_FIGURES:
        raise VersionRefused("no_figures", _("There are no figures in that file, or far too many."))
    try:
        with transaction.atomic():
            row: Evaluation = Evaluation.objects.create(
                version=version, data=measured.data, split=measured.split, source=measured.source,
                digest=_digest(measured), numbers=measured.numbers, by_id=by,
            )  # fmt: skip
            Figure.objects.bulk_create([_row(row, found) for found in figures])
    except IntegrityError as error:
        raise VersionRefused("known", _("These very figures are here already.")) from error
    return row


def _row(evaluation: Evaluation, found: Found) -> Figure:
    emotion, group, name, figure = found
    low, high = (figure.get(end) for end in ("low", "high"))
    return Figure(
        evaluation=evaluation, emotion=emotion, group=group[:80], name=name[:40], value=figure["value"],
        low=low if _is_number(low) else None, high=high if _is_number(high) else None,
    )  # fmt: skip


def _figures(numbers: Mapping[str, Any]) -> Iterator[Found]:
    """Every number of an evaluation, wherever the protocol puts it."""
    yield from _plain(numbers, "", "")
    for key in ("figures", "milliseconds_a_face"):
        yield from _plain(_dict(numbers, key), "", "")
    yield from _by_emotion(numbers)
    for condition, by_name in _dict(_dict(numbers, "robustness"), "conditions").items():
        yield from _plain(by_name, "", str(condition))
    for column in _dict(numbers, "groups"):
        for group, by_name in _dict(numbers["groups"], column).items():
            yield from _of_group(f"{column}: {group}", by_name)


def _by_emotion(numbers: Mapping[str, Any]) -> Iterator[Found]:
    for emotion, by_name in _dict(numbers, "emotions").items():
        if emotion in EMOTIONS:
            yield from _plain(by_name, emotion, "")
    for emotion, figure in _dict(numbers, "f1").items():
        if emotion in EMOTIONS:
            yield from _plain({"f1": figure}, emotion, "")
    for name, figure in _dict(numbers, "cross_fitted").items():
        yield from _plain({f"cross-fitted {name}": figure}, "", "")


def _of_group(group: str, by_name: Any) -> Iterator[Found]:
    yield from _plain(by_name, "", group)
    for emotion, figure in _dict(by_name, "shift").items():
        if emotion in EMOTIONS:
            yield from _plain({"shift": figure}, emotion, group)


def _plain(by_name: Any, emotion: str, group: str) -> Iterator[Found]:
    """Numbers, and numbers with an interval, that stand directly in a mapping."""
    for name, figure in by_name.items() if isinstance(by_name, dict) else ():
        if _is_number(figure) and name not in NO_FIGURES:
            yield emotion, group, name, {"value": figure}
        elif isinstance(figure, dict) and _is_number(figure.get("value")):
            yield emotion, group, name, figure


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _dict(numbers: Any, key: str) -> Mapping[str, Any]:
    found = numbers.get(key) if isinstance(numbers, dict) else None
    return found if isinstance(found, dict) else {}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
