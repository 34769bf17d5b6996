from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inference.bundle import load_bundle
from inference.classify import Classifier
from inference.emotions import EMOTIONS
from tests.pictures import BUNDLE
from tests.training.drawn import drawn_faces, write_layout
from training.__main__ import main

PLOTS = {"confusion.png", "precision-recall.png", "reliability.png", "robustness.png"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("fer")
    write_layout(drawn_faces(60, seed=2), root, "valid")
    write_layout(drawn_faces(30, seed=3), root, "test")
    return root


def evaluate(data: Path, *more: str) -> int:
    return main(["evaluate", "--bundle", str(BUNDLE), "--data", str(data), "--threads", "1", *more])


def test_it_evaluates_what_the_pipelines_classifier_does(data: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "deep" / "out.csv"
    assert (
        evaluate(data, "--json", "--robustness", "20", "--predictions", str(out), "--plots", str(tmp_path / "plots"))
        == 0
    )
    numbers = json.loads(capsys.readouterr().out)
    assert numbers["faces"] == 60
    assert set(numbers["emotions"]) == set(EMOTIONS)
    assert numbers["robustness"]["faces"] == 20
    assert len(numbers["robustness"]["conditions"]) == 13
    bins = numbers["reliability"]["shares"]
    assert sum(each["judgements"] for each in bins) == 60 * len(EMOTIONS)
    gap = sum(abs(each["intensity"] - each["said"]) * each["judgements"] for each in bins) / (60 * len(EMOTIONS))
    assert gap == pytest.approx(numbers["figures"]["share_ece"]["value"], abs=2e-3)  # bins are the figure's own
    assert set(numbers["human_ruler"]["panels"]) == {"1", "3", "5"}
    assert {path.name for path in (tmp_path / "plots").iterdir()} == PLOTS
    for plot in PLOTS:
        with Image.open(tmp_path / "plots" / plot) as image:
            assert image.width > 400

    rows = list(csv.DictReader(out.read_text().splitlines()))
    classifier = Classifier(load_bundle(BUNDLE))
    expected = classifier.intensities(drawn_faces(60, seed=2).pixels)
    assert [row["image"] for row in rows] == list(drawn_faces(60, seed=2).names)
    found = np.array([[float(row[name]) for name in EMOTIONS] for row in rows])
    assert found == pytest.approx(expected, abs=1e-5)
    for row in rows:
        for name in EMOTIONS:
            assert (row[f"{name}_present"] == "1") == (float(row[name]) >= classifier.manifest.thresholds[name])


def test_the_text_says_how_thresholds_were_chosen(data: Path, capsys) -> None:
    assert evaluate(data, "--robustness", "0") == 0
    assert "cross-fitted" in capsys.readouterr().out
    assert evaluate(data, "--robustness", "0", "--split", "test") == 0
    printed = capsys.readouterr().out
    assert "thresholds the bundle's own" in printed
    assert "majority of FER+ votes" in printed
    assert "panel of 5" in printed
    assert "robustness" not in printed


def test_what_cannot_be_used_is_one_sentence(data: Path, tmp_path: Path, capsys) -> None:
    assert main(["evaluate", "--bundle", str(tmp_path), "--data", str(data)]) == 2
    assert "can't be read" in capsys.readouterr().err
    assert main(["evaluate", "--bundle", str(BUNDLE), "--data", str(tmp_path)]) == 2
    assert "no valid split" in capsys.readouterr().err
