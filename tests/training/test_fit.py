from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from inference.bundle import load_bundle, load_manifest
from inference.classify import Classifier
from inference.emotions import EMOTIONS
from inference.network import build
from inference.pipeline import SHIPPED, Pipeline
from tests.training.drawn import drawn_faces, write_layout
from training import place
from training.__main__ import main
from training.augment import augment
from training.calibrate import fit_calibration, fit_thresholds
from training.datasets import VOTE_COLUMNS, Faces, vote_shares
from training.evaluate import Truth
from training.export import _shifted, export
from training.fit import Run, RunError, held_place
from training.networks import NETWORKS
from training.place import NoSuchDevice, Place, choose
from training.recipes import MILD, RECIPES, TINY, Changes


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
    metrics = export(run, tmp_path / "bundle", "drawn", "my faces")
    assert set(metrics["f1"]) == set(EMOTIONS)
    pipeline = Pipeline.load(tmp_path / "bundle")
    assert pipeline.manifest.name == "drawn"
    assert pipeline.manifest.raw["metrics"]["my faces Valid"]["faces"] == 128
    assert "learned from my faces" in pipeline.manifest.raw["licence"]
    intensities = Classifier(load_bundle(tmp_path / "bundle")).intensities(faces[1].pixels)
    # As often as its viewers, however little it learned.
    assert intensities.mean(axis=0) == pytest.approx(vote_shares(faces[1].votes)[:, :8].mean(axis=0), abs=0.01)


def test_a_runs_folder_says_what_it_is_and_how_it_went(faces: tuple[Faces, Faces], tmp_path: Path) -> None:
    recipe = replace(TINY, epochs=2)
    Run(tmp_path / "run", recipe, *faces).finish()
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    assert config["recipe"] == asdict(recipe)
    assert config["place"] == {"device": "cpu", "precision": "fp32"}
    history = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert [set(row) for row in history] == [
        {"loss", "seconds", "processor_seconds", "valid_loss", "valid_majority", "valid_macro_f1"}
    ] * 2  # fmt: skip
    with Image.open(tmp_path / "run" / "curves.png") as image:
        assert image.width > 800


def test_another_recipe_does_not_overwrite_a_run(faces: tuple[Faces, Faces], tmp_path: Path) -> None:
    Run(tmp_path / "run", replace(TINY, epochs=1), *faces).finish()
    with pytest.raises(RunError, match="another recipe"):
        Run(tmp_path / "run", replace(TINY, epochs=2), *faces).finish()
    assert json.loads((tmp_path / "run" / "config.json").read_text())["recipe"]["epochs"] == 1
    with pytest.raises(RunError, match="fewer than one batch"):
        Run(tmp_path / "other", replace(TINY, batch=1000), *faces)


def test_a_run_goes_on_where_it_began(faces: tuple[Faces, Faces], tmp_path: Path) -> None:
    assert held_place(tmp_path) is None
    began = Place("cpu", "bf16")
    run = Run(tmp_path, replace(TINY, epochs=2), *faces, began)
    run.finish()
    assert held_place(tmp_path) == began
    assert run.progress.history[1]["loss"] < run.progress.history[0]["loss"]
    assert all(p.dtype == torch.float32 for p in run.network.parameters())
    config = tmp_path / "config.json"
    config.write_text(config.read_text().replace('"cpu"', '"gone"'))
    assert held_place(tmp_path) is None


def test_what_is_asked_for_is_not_chosen_again() -> None:
    assert choose(TINY, "cpu", "bf16") == Place("cpu", "bf16")
    assert choose(TINY, "cpu").precision in ("fp32", "bf16")
    with pytest.raises(NoSuchDevice, match="no device 'abacus'"):
        choose(TINY, "abacus")


@pytest.mark.parametrize(("seconds", "expected"), [((1.0, 0.5), "bf16"), ((1.0, 0.95), "fp32"), ((0.5, 1.0), "fp32")])
def test_bf16_has_to_be_clearly_faster(
    seconds: tuple[float, float], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = dict(zip(("fp32", "bf16"), seconds, strict=True))
    monkeypatch.setattr(place, "_seconds", lambda _recipe, tried, _side: taken[tried.precision])
    assert choose(TINY, "cpu").precision == expected


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU here")
def test_a_gpu_learns_too(faces: tuple[Faces, Faces], tmp_path: Path) -> None:
    run = Run(tmp_path, TINY, *faces, choose(TINY))
    run.finish()
    assert run.place.device == "cuda"
    assert run.progress.history[-1]["loss"] < run.progress.history[0]["loss"] - 0.3


def test_augmented_faces_stay_faces() -> None:
    pixels = torch.from_numpy(drawn_faces(64, seed=3).pixels.copy()).float().div(255)[:, None]
    first = augment(pixels, torch.Generator().manual_seed(0), Changes())
    again = augment(pixels, torch.Generator().manual_seed(0), Changes())
    other = augment(pixels, torch.Generator().manual_seed(1), Changes())
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.shape == pixels.shape
    assert 0 <= float(first.min()) <= float(first.max()) <= 1
    changed = np.abs((first - pixels).numpy()).mean()
    mildly = np.abs((augment(pixels, torch.Generator().manual_seed(0), MILD) - pixels).numpy()).mean()
    assert changed > mildly > 0.02


def test_the_command_fits_from_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for split, count, seed in (("train", 128, 1), ("valid", 64, 2)):
        write_layout(drawn_faces(count, seed), tmp_path / "fer", split)
    run = tmp_path / "run"
    given = ["fit", "--data", str(tmp_path / "fer"), "--run", str(run), "--recipe", "tiny", "--threads", "1"]
    assert main([*given, "--epochs", "1"]) == 0
    printed = capsys.readouterr().out
    assert "tiny on cpu in" in printed or "tiny on cuda in" in printed
    assert "epoch 1/1" in printed
    assert "left" in printed
    manifest = json.loads((run / "bundle" / "manifest.json").read_text())
    assert manifest["data"] == ["FER+ Train (fit)", "FER+ Valid (choose, calibrate)"]
    assert "FER2013 faces" in manifest["licence"]
    assert main([*given, "--epochs", "2"]) == 2
    assert "another recipe" in capsys.readouterr().err
    again = [*given[:4], str(tmp_path / "again"), *given[5:], "--epochs", "1", "--name", "second"]
    assert main([*again, "--start", str(run / "bundle")]) == 0
    assert "plain-1 (begin)" in json.loads((tmp_path / "again" / "bundle" / "manifest.json").read_text())["data"]
    capsys.readouterr()
    assert main([*again, "--start", str(run)]) == 2
    assert "manifest.json of the bundle can't be read" in capsys.readouterr().err
    on = [*given[:4], str(tmp_path / "on"), "--recipe", "polish", "--epochs", "1", "--threads", "1"]
    assert main([*on, "--start", str(run / "bundle")]) == 0  # with the bundle's network, whatever it is
    assert load_manifest(tmp_path / "on" / "bundle").architecture == TINY.architecture
    for recipe in ("polish", "polish-on", "distil"):
        assert main([*given[:6], recipe, *given[7:]]) == 2
        assert f"{recipe} is for a bundle that has learned: name it with --start" in capsys.readouterr().err


def test_the_pupil_recipe_is_the_shipped_bundles() -> None:
    manifest = load_manifest(SHIPPED)
    assert RECIPES["pupil"].architecture == manifest.architecture
    assert RECIPES["pupil"].mirrored == manifest.crop.mirrored


def test_missing_data_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "--data", str(tmp_path / "none"), "--run", str(tmp_path / "run")]) == 2
    assert "neither a folder nor a zip" in capsys.readouterr().err


def test_a_run_begins_as_a_bundle_and_its_own_says_so(faces: tuple[Faces, Faces], tmp_path: Path) -> None:
    first = Run(tmp_path / "first", replace(TINY, epochs=2), *faces)
    first.finish()
    export(first, tmp_path / "first" / "bundle", "drawn-1", "other faces")
    began = load_bundle(tmp_path / "first" / "bundle")
    darker = replace(faces[0], pixels=faces[0].pixels // 2)
    again = Run(tmp_path / "again", replace(TINY, epochs=1, peak_rate=1e-6), darker, faces[1], began=began)
    apart = again.valid_logits() - first.valid_logits()
    # But for the shift of each output, and the manifest's rounding.
    assert np.abs(apart - apart.mean(axis=0)).max() < 1e-3
    again.finish()
    export(again, tmp_path / "bundle", "drawn-2", "my faces")
    manifest = load_manifest(tmp_path / "bundle").raw
    assert manifest["data"] == [
        "drawn-1 (begin)",
        "other faces Train (fit)",
        "other faces Valid (choose, calibrate)",
        "my faces Train (fit)",
        "my faces Valid (choose, calibrate)",
    ]
    assert manifest["licence"] == (
        'Weights: they began as drawn-1 ("MIT, as the program. They were learned from other faces."), whose terms go '
        "on to hold; the rest is MIT, as the program. They were learned from my faces. Check whether your use is "
        "covered."
    )
    assert manifest["calibration"]["shift"].keys() == set(VOTE_COLUMNS)
    # The same faces again are named once.
    export(again, tmp_path / "same", "drawn-3", "other faces")
    same = load_manifest(tmp_path / "same").raw
    assert same["data"] == ["drawn-1 (begin)", "other faces Train (fit)", "other faces Valid (choose, calibrate)"]
    assert same["licence"] == began.manifest.raw["licence"]
    with pytest.raises(RunError, match="other faces, weights or lessons"):
        Run(tmp_path / "again", replace(TINY, epochs=1, peak_rate=1e-6), *faces).finish()
    with pytest.raises(RunError, match="drawn-1 is another network than this recipe's"):
        Run(tmp_path / "wide", RECIPES["wide"], *faces, began=began)
    prepared = replace(began.manifest, crop=replace(began.manifest.crop, prepare=("equalise",)))
    with pytest.raises(RunError, match="cut or prepared otherwise"):
        Run(tmp_path / "other", TINY, *faces, began=replace(began, manifest=prepared))
    # A folder from before it was written down what a run began as.
    config = tmp_path / "first" / "config.json"
    config.write_text(json.dumps({k: v for k, v in json.loads(config.read_text()).items() if k != "from"}))
    with pytest.raises(RunError, match="other faces, weights or lessons"):
        Run(tmp_path / "first", replace(TINY, epochs=2), *faces, began=began).finish()


def test_a_run_of_other_faces_is_left_as_it_is(faces: tuple[Faces, Faces], tmp_path: Path) -> None:
    train, valid = faces
    Run(tmp_path, replace(TINY, epochs=1), train, valid).finish()
    held = (tmp_path / "checkpoint.safetensors").read_bytes()
    darker = replace(train, pixels=train.pixels // 2)
    others = replace(valid, votes=valid.votes[:, ::-1])
    for changed in ((darker, valid), (train, others)):
        with pytest.raises(RunError, match="other faces"):
            Run(tmp_path, replace(TINY, epochs=1), *changed).finish()
    assert (tmp_path / "checkpoint.safetensors").read_bytes() == held
    # A folder from before it was written down which faces they were.
    config = json.loads((tmp_path / "config.json").read_text())
    del config["from"]["faces"]
    (tmp_path / "config.json").write_text(json.dumps(config))
    Run(tmp_path, replace(TINY, epochs=1), *faces).finish()


def test_rare_emotions_are_shown_more_often(tmp_path: Path) -> None:
    votes = np.zeros((8, 10), dtype=np.int64)
    votes[:, 0] = 10
    votes[2], votes[5], votes[6] = ([0] * 5 + [10] + [0] * 4), ([8] + [0] * 6 + [2, 0, 0]), ([9] + [0] * 6 + [1, 0, 0])
    pixels = np.zeros((8, 48, 48), dtype=np.uint8)
    few = Faces(pixels, votes, tuple(str(number) for number in range(8)))
    run = Run(tmp_path, replace(TINY, batch=2, rare=3), few, few)
    assert run.seen.tolist() == [0, 1, 2, 2, 2, 3, 4, 5, 5, 5, 6, 7]
    assert run.steps == 6


def test_faces_that_can_all_be_told_apart_are_calibrated_too() -> None:
    votes = np.eye(10)[np.arange(60) % 3]
    temperature, shift = fit_calibration(votes * 8, votes)
    assert temperature == pytest.approx(0.3)
    assert np.isfinite(shift).all()
    temperature, _ = fit_calibration(np.random.default_rng(0).normal(0, 50, (60, 10)), votes)
    assert temperature == pytest.approx(3.0)


@pytest.mark.parametrize("kind", ["perceptron", "conv_stack", "mobile_net", "squeeze_net", "emotion_net"])
def test_a_shift_lies_in_the_outputs_bias_of_every_network(kind: str) -> None:
    recipe = next(each for each in [*NETWORKS.values(), TINY] if each.architecture["kind"] == kind)
    network = build(recipe.architecture, 10).eval()
    faces, shift = torch.rand(2, 1, 48, 48), np.linspace(-1, 1, 10)
    before = network(faces)
    network.load_state_dict(_shifted(network.state_dict(), shift))
    torch.testing.assert_close(network(faces), before + torch.from_numpy(shift).float(), atol=1e-5, rtol=1e-4)
    with pytest.raises(ValueError, match="isn't the bias of the outputs"):
        _shifted({"somewhere.weight": torch.zeros(10, 4)}, shift)


def test_a_low_threshold_is_found_for_what_is_named_faintly() -> None:
    generator = np.random.default_rng(0)
    true = generator.random(4000) < 0.02
    faint = np.where(true, generator.uniform(0.10, 0.2, 4000), generator.uniform(0, 0.11, 4000))
    intensities = np.tile(faint[:, None], (1, 8))
    what = Truth(np.zeros(4000, int), np.tile(true[:, None], (1, 8)), np.ones(4000, bool), intensities)
    assert fit_thresholds(intensities, what).tolist() == [pytest.approx(0.11)] * 8
