from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from training import baselines, compare
from training.approach import Task
from training.baselines import Grown, _grow
from training.choices import Settings
from training.comparison_table import flat, heading, markdown
from training.datasets import Faces
from training.features import FeatureStore
from training.scores import absent, score
from training.sources import DataError
from training.synthetic import synthetic

FACES = 60_000


def grown(
    budget: float, cost: Callable[[int], float], scoring: Callable[[int], float], monkeypatch: pytest.MonkeyPatch
) -> list[int]:
    """How many faces each fit gets, where a fit and its scoring cost what is said."""
    counts: list[int] = []

    def fitted(name: str, rows: object, labels: object, count: int) -> Grown:
        counts.append(count)
        return Grown(None, count, cost(count), cost(count))

    monkeypatch.setattr(baselines, "_fitted", fitted)
    monkeypatch.setattr(baselines, "_scoring_seconds", lambda model, judged: scoring(counts[-1]))
    faces = synthetic("valid")
    store = FeatureStore(faces, Path())
    task = Task("any", faces, faces, Path(), budget, (), (store, store), "drawn faces")
    rows, labels = np.zeros((1, 1), dtype=np.float32), np.zeros(FACES, dtype=np.int64)
    assert _grow(task, "any", lambda count: rows, labels, rows).count == counts[-1]
    return counts


def test_what_grows_with_its_faces_gets_most_of_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = grown(100, lambda count: count / 1000, lambda count: 0, monkeypatch)
    assert sum(counts) / 1000 <= 100
    assert counts[-1] > 50_000
    assert grown(1000, lambda count: count / 1000, lambda count: 0, monkeypatch)[-1] == FACES


@pytest.mark.parametrize("exponent", [1.5, 2.0, 2.2])
def test_what_grows_faster_stays_within_its_budget(exponent: float, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = grown(100, lambda count: (count / 1000) ** exponent, lambda count: 0, monkeypatch)
    assert 30 < sum((count / 1000) ** exponent for count in counts) <= 100


def test_scoring_counts_once_and_grows_with_the_faces(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = grown(120, lambda count: 0, lambda count: count / 100, monkeypatch)
    assert 0.9 * 12_000 < counts[-1] <= 12_000


def test_a_first_fit_that_eats_the_budget_is_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    assert grown(1, lambda count: 5, lambda count: 0, monkeypatch) == [baselines.FIRST]


def test_more_than_the_budget_is_noted() -> None:
    assert compare._overrun(109, 100) == ()
    assert compare._overrun(250, 100) == ("took 2.5 times its budget",)


def test_a_perceptron_of_scikit_learn_says_what_it_saw(tmp_path: Path) -> None:
    pytest.importorskip("skops")
    faces = synthetic("valid")
    few = type(faces)(faces.pixels[:, ::6, ::6].copy(), faces.votes, faces.names)
    stores = FeatureStore(few, tmp_path / "t"), FeatureStore(few, tmp_path / "v")
    task = Task("pixels-mlp", few, few, tmp_path, 1e-3, (), stores, "drawn faces", quick=True)
    fitted = baselines.fit(task, "pixels", "mlp")
    assert fitted.seen == 20 * fitted.distinct > 0  # its rounds are limited to 20
    assert "single labels" in " ".join(fitted.notes)
    knn = baselines.fit(task, "pixels", "knn")
    assert knn.seen == knn.distinct
    assert "single labels" not in " ".join(knn.notes)


def test_averages_are_over_the_classes_that_occur() -> None:
    votes = np.zeros((40, 10), dtype=np.int64)
    votes[np.arange(40), np.arange(40) % 2] = 10  # neutral and happiness
    found = score(np.log(votes + 0.01), votes)
    for labels in ("seven", "five", "mixture"):
        assert found[labels]["averaged"] == 2
        assert found[labels]["macro_f1"]["value"] == 1.0
        assert sorted(found[labels]["classes"]) == ["happiness", "neutral"]
    assert found["mixture"]["map"]["value"] == 1.0
    missing = absent(votes)
    assert missing == ("surprise", "sadness", "anger", "disgust", "fear")
    assert "over the 2 that occur (nobody shows surprise, sadness," in heading("mine", 40, 40, 1, missing)
    result = {"name": "knn", "group": "classical", "parameters": 1, "bytes": 1, "milliseconds": 1.0, "seen": 0}
    assert "| knn | 1.000 | 1.000 | - | - | - | - | - |" in markdown([{**result, "figures": found}], "", "plot.png")
    assert flat({**result, "figures": found})["seven_averaged"] == 2


@pytest.mark.parametrize(("poor", "sentence"), [("train", "Train has to show"), ("valid", "Valid has to show")])
def test_one_class_is_nothing_to_compare(
    poor: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn(split: str) -> Faces:
        faces = synthetic(split)
        if split == poor:
            faces.votes[:] = 0
            faces.votes[:, 1] = 10
        return faces

    monkeypatch.setattr(compare, "synthetic", drawn)
    with pytest.raises(DataError, match=sentence):
        compare.read(Settings("synthetic", tmp_path))


def test_the_heading_admits_what_is_not_fair() -> None:
    said = heading("FER+", 10, 5, 20)
    for admitted in ("chosen on FER+ Valid", "Only networks with a bundle see", "nobody tuned", "which took clearly"):
        assert admitted in said
    assert "that occur" not in said
