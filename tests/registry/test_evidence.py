"""Evaluations by data set, split, emotion and group."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from inference.emotions import EMOTIONS
from journal.registry.evidence import import_file
from journal.registry.models import Decision, Evaluation, ModelVersion
from journal.registry.refusal import VersionRefused
from tests.bundles import candidate

pytestmark = pytest.mark.django_db


def figure(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


def evaluated(version: ModelVersion, **changes: Any) -> dict[str, Any]:
    """What `python -m training evaluate --json` prints, in its own shape."""
    return {
        "bundle": {"name": version.manifest["name"], "sha256": version.sha256},
        "split": "valid",
        "faces": 3579,
        "figures": {"macro_f1": figure(0.69), "majority_accuracy": figure(0.86)},
        "emotions": {e: {"true": 100, "f1": figure(0.5), "recall": figure(0.4)} for e in EMOTIONS},
        "reliability": {
            "shares": [
                {"intensity": 0.05, "said": 0.04, "judgements": 9000},
                {"intensity": 0.95, "said": 0.9, "judgements": 400},
            ]
        },
        "confusion": {"rows": "majority", "columns": "strongest", "counts": [[1] * 8] * 8},
        "robustness": {"faces": 1000, "conditions": {"undisturbed": {"macro_f1": figure(0.7)}}},
        **changes,
    }


def packed(numbers: Any) -> bytes:
    return json.dumps(numbers).encode()


def test_an_evaluation_is_kept_figure_by_figure() -> None:
    version = candidate()
    [row] = import_file(version, packed(evaluated(version)), "FER+", None)
    assert (row.data, row.split, row.source) == ("FER+", "valid", Evaluation.Source.EVALUATE)
    assert row.numbers["confusion"]["counts"][0] == [1] * 8
    f1 = row.figures.get(emotion="fear", name="f1")
    assert (f1.value, f1.low, f1.high) == (0.5, 0.49, 0.51)
    assert row.figures.get(group="undisturbed").value == 0.7
    assert Decision.objects.filter(kind=Decision.Kind.EVIDENCE, reason="FER+ valid").exists()


def test_a_card_brings_groups_photographs_and_cost() -> None:
    version = candidate()
    groups = {
        "groups": {"gender": {"Female": {"photographs": 9, "found": figure(0.9), "shift": {"fear": figure(0.1)}}}}
    }
    card = {
        "evaluation": evaluated(version),
        "photos": [{"source": "london-34.zip", "found": figure(1)}],
        "groups": groups,
        "cost": {"parameters": 9000, "bytes": 36000, "batch": 64, "milliseconds_a_face": {"fp32": 2.5}},
    }
    kept = import_file(version, packed(card), "FER+", None)
    assert [(row.data, row.split) for row in kept] == [
        ("FER+", "valid"), ("london-34.zip", "photographs"), ("FairFace", "groups"), ("cost", "one thread"),
    ]  # fmt: skip
    assert kept[2].figures.get(group="gender: Female", emotion="fear").name == "shift"
    assert dict(kept[3].figures.values_list("name", "value")) == {"parameters": 9000, "bytes": 36000, "fp32": 2.5}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not json", "not_json"),
        (b"[1]", "not_json"),
        (b'{"figures": {"macro_f1": NaN}, "split": "valid"}', "not_json"),
        (b'{"figures": {"macro_f1": 1e400}, "split": "valid"}', "not_json"),
        (b"[" * 200_000, "not_json"),
        (b'{"figures": {"macro_f1": ' + b"9" * 401 + b'}, "split": "valid"}', "not_json"),
        (b"{}", "no_figures"),
        (b'{"figures": {}, "split": 3}', "no_figures"),
        (b'{"evaluation": 3}', "no_figures"),
        (b'{"figures": {}, "split": "valid"}', "another_bundle"),
        (b" " * 5_000_000, "too_large"),
    ],
)
def test_a_file_that_is_no_evaluation(content: bytes, code: str) -> None:
    with pytest.raises(VersionRefused) as caught:
        import_file(candidate(), content, "FER+", None)
    assert caught.value.code == code


def test_figures_of_another_bundle_are_refused() -> None:
    mine, other = candidate("mine"), candidate("other", seed=1)
    with pytest.raises(VersionRefused, match="are of other and not of mine"):
        import_file(mine, packed(evaluated(other)), "FER+", None)


def test_the_same_figures_are_kept_once() -> None:
    version = candidate()
    import_file(version, packed(evaluated(version)), "FER+", None)
    with pytest.raises(VersionRefused, match="here already"):
        import_file(version, packed(evaluated(version)), "FER+", None)
    assert Evaluation.objects.filter(source=Evaluation.Source.EVALUATE).count() == 1


def test_the_command(tmp_path: Path) -> None:
    version = candidate()
    (tmp_path / "e.json").write_bytes(packed(evaluated(version)))
    call_command("import_evaluation", "small", str(tmp_path / "e.json"), "--data", "FER+ of mine")
    assert version.evaluations.filter(data="FER+ of mine").exists()
