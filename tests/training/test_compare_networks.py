from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inference.bundle import load_manifest
from training import networks
from training.approach import Task
from training.features import FeatureStore
from training.fit import Run
from training.networks import Start, _plan, _recipe, approaches, fit
from training.place import Place
from training.recipes import Recipe
from training.synthetic import synthetic


@pytest.fixture
def task(tmp_path: Path) -> Task:
    train, valid = synthetic("train"), synthetic("valid")
    stores = FeatureStore(train, tmp_path / "t"), FeatureStore(valid, tmp_path / "v")
    return Task("pixels-mlp", train, valid, tmp_path, 60.0, (), stores, "drawn faces", quick=True)


@pytest.fixture
def recipe() -> Recipe:
    return replace(_recipe("perceptron", 0.03, size=48, widths=[16]), epochs=4)


def test_a_killed_fit_goes_on_with_its_plan(task: Task, recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    epoch = Run._epoch

    def cut(self: Run, number: int) -> float:
        if number == 2:
            raise KeyboardInterrupt
        return epoch(self, number)

    monkeypatch.setattr(Run, "_epoch", cut)
    with pytest.raises(KeyboardInterrupt):
        fit(task, recipe)
    plan = (task.folder / "plan.json").read_text()
    epochs: list[int] = []
    monkeypatch.setattr(Run, "_epoch", lambda self, number: (epochs.append(number), epoch(self, number))[1])
    fitted = fit(task, recipe)
    assert epochs == [2, 3]
    assert (task.folder / "plan.json").read_text() == plan
    assert fitted.distinct == len(task.train)
    assert fitted.seen == 4 * (len(task.train) // 16) * 16


def test_a_plan_that_was_cut_off_is_made_anew(task: Task, recipe: Recipe) -> None:
    task.folder.joinpath("run").mkdir()
    (task.folder / "run" / "config.json").write_text('{"recipe": {"epochs": 99}}')
    (task.folder / "plan.json").write_text('{"recipe": {"architecture"')
    plan = _plan(task, recipe, None)
    assert json.loads((task.folder / "plan.json").read_text())["faces"] == plan.faces == len(task.train)
    assert not (task.folder / "run").exists()  # it was another plan's, and would have stopped this one


def test_a_plan_is_written_whole_or_not_at_all(task: Task, recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_text

    def cut(path: Path, text: str, **_: Any) -> int:
        write(path, text[:20])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", cut)
    with pytest.raises(KeyboardInterrupt):
        _plan(task, recipe, None)
    assert not (task.folder / "plan.json").exists()


def test_a_plan_for_a_device_that_has_gone_goes_on_elsewhere(
    task: Task, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = _plan(task, recipe, None)
    monkeypatch.setattr(networks, "there", lambda device: False)
    elsewhere = Place(precision="bf16")
    monkeypatch.setattr(networks, "choose", lambda recipe, side: elsewhere)
    assert _plan(task, recipe, None) == replace(plan, place=elsewhere)


def test_a_bundle_names_the_weights_that_it_began_with(task: Task, recipe: Recipe) -> None:
    origin = "Somebody's weights (Apache-2.0)"
    fitted = fit(task, replace(recipe, epochs=1), Start(dict, origin))
    manifest = load_manifest(task.folder / "bundle").raw
    assert manifest["data"][:2] == [f"{origin} (begin)", "drawn faces Train (fit)"]
    assert f"they began as {origin}, whose terms go on to hold" in manifest["licence"]
    assert "learned from drawn faces" in manifest["licence"]
    assert f"begins with {origin}" in fitted.notes


def test_transfer_says_whose_weights_it_takes(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    monkeypatch.setattr(networks, "fit", lambda task, recipe, start: begun.append(start.origin))
    (transfer,) = (approach for approach in approaches() if approach.name == "transfer-efficientnet")
    transfer.fit(task)
    assert "Google" in begun[0]
    assert "Apache-2.0" in begun[0]


def test_a_bundle_that_began_at_random_is_ours_alone(task: Task, recipe: Recipe) -> None:
    fit(task, replace(recipe, epochs=1))
    manifest = load_manifest(task.folder / "bundle").raw
    assert manifest["licence"].startswith("Weights: MIT, as the program. They were learned from drawn faces.")
    assert manifest["data"][0] == "drawn faces Train (fit)"
