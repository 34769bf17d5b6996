from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from inference.emotions import EMOTIONS
from inference.pipeline import Pipeline
from tests.training.drawn import drawn_faces, write_layout
from training.__main__ import main
from training.augment import augment
from training.datasets import Faces
from training.export import export
from training.fit import Recipe, Run

TINY = replace(
    Recipe(),
    architecture={"kind": "emotion_net", "channels": 1, "stem": 4, "widths": [8, 16], "blocks": [1, 1], "dropout": 0.1},
    epochs=8, batch=16, peak_rate=0.1, average_decay=0.8,
)  # fmt: skip


@pytest.fixture(scope="module")
def faces() -> tuple[Faces, Faces]:
    return drawn_faces(256, seed=1), drawn_faces(128, seed=2)


def test_it_learns_and_a_run_cut_off_resumes_to_the_same_weights(faces: tuple[Faces, Faces], tmp_path: Path) -> None:
    whole = Run(tmp_path / "whole", TINY, *faces)
    whole.finish()
    history = whole.progress.history
    assert history[-1]["loss"] < history[0]["loss"] - 0.3
    assert history[-1]["valid_majority"] > 0.8

    first = Run(tmp_path / "cut", TINY, *faces)
    first.folder.mkdir()
    for number in range(2):
        first._epoch(number)
    first.progress.epoch = 2
    first._save()
    second = Run(tmp_path / "cut", TINY, *faces)
    second.finish()
    for ours, theirs in zip(whole.average.parameters(), second.average.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_a_finished_run_exports_a_bundle_that_the_pipeline_reads(faces: tuple[Faces, Faces], tmp_path: Path) -> None:
    run = Run(tmp_path / "run", replace(TINY, epochs=1), *faces)
    run.finish()
    metrics = export(run, tmp_path / "bundle", "drawn")
    assert set(metrics["f1"]) == set(EMOTIONS)
    pipeline = Pipeline.load(tmp_path / "bundle")
    assert pipeline.manifest.name == "drawn"
    assert pipeline.manifest.raw["metrics"]["FER+ Valid"]["faces"] == 128


def test_augmented_faces_stay_faces() -> None:
    pixels = torch.from_numpy(drawn_faces(64, seed=3).pixels.copy()).float().div(255)[:, None]
    first = augment(pixels, torch.Generator().manual_seed(0))
    again = augment(pixels, torch.Generator().manual_seed(0))
    other = augment(pixels, torch.Generator().manual_seed(1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.shape == pixels.shape
    assert 0 <= float(first.min()) <= float(first.max()) <= 1
    assert np.abs((first - pixels).numpy()).mean() > 0.02


def test_the_command_fits_from_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for split, count, seed in (("train", 128, 1), ("valid", 64, 2)):
        write_layout(drawn_faces(count, seed), tmp_path / "fer", split)
    run = tmp_path / "run"
    assert main(["fit", "--data", str(tmp_path / "fer"), "--run", str(run), "--epochs", "1", "--threads", "1"]) == 0
    printed = capsys.readouterr().out
    assert "epoch 1/1" in printed
    manifest = json.loads((run / "bundle" / "manifest.json").read_text())
    assert manifest["sha256"]


def test_missing_data_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "--data", str(tmp_path / "none"), "--run", str(tmp_path / "run")]) == 2
    assert "neither a folder nor a zip" in capsys.readouterr().err
