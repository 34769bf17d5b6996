"""The card that comes with the program is evidence from the first start on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from journal.registry.models import Decision, Evaluation, ModelVersion
from journal.registry.shipped import import_card
from tests.registry.test_evidence import evaluated, figure

pytestmark = pytest.mark.django_db
CARD = Evaluation.Source.CARD


def write(path: Path, version: ModelVersion, **changes: Any) -> None:
    card = {"evaluation": evaluated(version, split="test"), "photos": [], "groups": None, "cost": {"bytes": 36000}}
    path.write_text(json.dumps(card | changes))


@pytest.fixture
def card(settings: Any, tmp_path: Path, version: ModelVersion) -> Path:
    settings.SHIPPED_CARD = tmp_path / "card.json"
    write(settings.SHIPPED_CARD, version)
    return Path(settings.SHIPPED_CARD)


def found(version: ModelVersion) -> list[tuple[str, str]]:
    return list(version.evaluations.filter(source=CARD).order_by("pk").values_list("data", "split"))


def test_a_start_brings_its_figures_once(card: Path, version: ModelVersion, settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    for _start in range(2):
        call_command("prepare")
    assert found(version) == [("FER+", "test"), ("cost", "one thread")]
    assert Decision.objects.get(version=version, kind=Decision.Kind.EVIDENCE).reason == "FER+ test, cost one thread"


def test_a_card_that_grew_adds_what_is_new(card: Path, version: ModelVersion) -> None:
    import_card(version)
    write(card, version, photos=[{"source": "london-34.zip", "found": figure(1)}])
    import_card(version)
    assert found(version) == [("FER+", "test"), ("cost", "one thread"), ("london-34.zip", "photographs")]


def test_without_a_card_there_are_the_manifests_figures(card: Path, version: ModelVersion) -> None:
    card.unlink()
    import_card(version)
    assert found(version) == []
    assert version.evaluations.filter(source=Evaluation.Source.MANIFEST).exists()


@pytest.mark.parametrize("content", ["nonsense", "[]", '{"evaluation": {"figures": {}, "split": "test"}}'])
def test_a_card_of_something_else_is_left_out_and_said(
    card: Path, version: ModelVersion, caplog: pytest.LogCaptureFixture, content: str
) -> None:
    card.write_text(content)
    import_card(version)
    assert found(version) == []
    assert "shipped_card_left_out" in caplog.text
