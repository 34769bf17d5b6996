"""Classical methods on features: fitted on as many faces as their budget allows, and kept without pickle."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from inference.emotions import EMOTIONS
from training.approach import Approach, Fitted, Task
from training.datasets import VOTE_COLUMNS
from training.evaluate import Floats
from training.features import FEATURES, LANDMARKS_LICENCE, Rows, made_by
from training.optional import need
from training.seven import majority_of
from training.shipped import learned_from

FIRST: Final = 500
GROWTH: Final = 4.0
LEAST_GROWTH: Final = 1.25
# How the time of a fit grows with its faces, at best and at worst: support vector machines lie between 2 and 3.
EXPONENTS: Final = (1.0, 2.2)
SCORED: Final = 100
SHORTEST: Final = 1e-3
LEAST_SHARE: Final = 1e-4
# Parts of scikit-learn's own that skops asks about.
TRUSTED: Final = ["sklearn.tree._tree.Tree", "sklearn.neural_network._stochastic_optimizers.AdamOptimizer"]
BATCH: Final = 16
ROUNDS: Final = 5


def _estimators() -> dict[str, Callable[[], Any]]:
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.neural_network import MLPClassifier
    from sklearn.svm import SVC, LinearSVC
    from sklearn.tree import DecisionTreeClassifier

    return {
        "knn": lambda: KNeighborsClassifier(15, weights="distance", algorithm="brute"),
        "linear-svm": lambda: LinearSVC(C=0.003, random_state=0),
        "rbf-svm": lambda: SVC(C=5, cache_size=500),
        "tree": lambda: DecisionTreeClassifier(min_samples_leaf=10, random_state=0),
        "forest": lambda: RandomForestClassifier(200, min_samples_leaf=2, random_state=0),
        "mlp": lambda: MLPClassifier((1024, 512), batch_size=128, max_iter=20, random_state=0),
    }


PERCEPTRON: Final = "scikit-learn's: it learned single labels of faces as they are, and leaves no bundle"
# A multi-layer perceptron on pixels is fitted as a network, with a bundle; one on landmarks can't have one.
CLASSICAL: Final = ("knn", "linear-svm", "rbf-svm", "tree", "forest")
PAIRS: Final = (*((feature, name) for feature in FEATURES for name in CLASSICAL), ("landmarks", "mlp"))


def approaches() -> list[Approach]:
    """Every feature with every method, ``hog-linear-svm`` and so on."""
    return [
        Approach(
            f"{feature}-{name}",
            _group(feature, name),
            partial(fit, feature=feature, name=name),
            {"feature": feature, "method": name, "version": 2, "made_by": made_by(feature)},
        )
        for feature, name in PAIRS
    ]


def _group(feature: str, name: str) -> str:
    if name == "mlp":
        return "networks"
    return "embeddings" if feature == "embeddings" else "classical"


@dataclass(frozen=True)
class Grown:
    """A model, how many faces it was fitted on, and what that last fit took."""

    model: Any
    count: int
    seconds: float
    processor_seconds: float


def fit(task: Task, feature: str, name: str) -> Fitted:
    """Fit on single labels, the majority of eight emotions; save, reload, and judge with what was reloaded."""
    need("skops", "skops")
    train, valid = task.features
    labels = majority_of(train.faces.votes, len(EMOTIONS))
    judged = valid.first(feature, len(valid.faces))
    grown = _grow(task, name, lambda count: train.first(feature, count), labels, judged)
    path = task.folder / "model.skops"
    model = reloaded(grown.model, path)
    if not np.array_equal(logits_of(model, judged[:SCORED]), logits_of(grown.model, judged[:SCORED])):
        raise RuntimeError(f"{path} gives other predictions than the model that was saved.")
    faces = int((labels[: grown.count] >= 0).sum())
    return Fitted(
        logits_of(model, judged),
        parameters=parameters_of(model),
        bytes=path.stat().st_size,
        milliseconds=milliseconds_a_face(lambda pixels: logits_of(model, FEATURES[feature](pixels)), task.valid.pixels),
        seconds=grown.seconds,
        processor_seconds=grown.processor_seconds,
        seen=faces * (int(model.steps[-1][1].n_iter_) if name == "mlp" else 1),
        distinct=faces,
        notes=_notes(feature, name, grown.count, task),
    )


def _notes(feature: str, name: str, count: int, task: Task) -> tuple[str, ...]:
    of = len(task.train)
    notes = [f"fitted on {count:,} of {of:,} faces, as many as the budget allowed"] if count < of else []
    notes += [PERCEPTRON] if name == "mlp" else []
    notes += [LANDMARKS_LICENCE] if feature == "landmarks" else []
    notes += [f"the embeddings are the shipped network's: {learned_from(task.data)}"] if feature == "embeddings" else []
    return tuple(notes)


def _grow(task: Task, name: str, features: Callable[[int], Rows], labels: npt.NDArray[np.int64], judged: Rows) -> Grown:
    """Fit on a few faces, and on more while what that would take, scoring included, fits into the budget."""
    left, count, of = task.budget, min(FIRST, len(labels)), len(labels)
    fits: list[Grown] = []
    while True:
        fits.append(_fitted(name, features(count), labels[:count], count))
        left -= fits[-1].processor_seconds
        possible = _possible(fits, _scoring_seconds(fits[-1].model, judged), left)
        if count == of or possible < LEAST_GROWTH:
            return fits[-1]
        count = min(of, int(count * possible))
        del fits[:-1]  # models of nearest neighbours are as large as their faces


def _possible(fits: Sequence[Grown], scoring: float, left: float) -> float:
    """How many times as many faces the time that is left is enough for, at most ``GROWTH``; 0 if hardly more."""
    taken, exponent = max(fits[-1].processor_seconds, SHORTEST), EXPONENTS[1]
    if len(fits) > 1:
        before = max(fits[-2].processor_seconds, SHORTEST)
        exponent = np.log(taken / before) / np.log(fits[-1].count / fits[-2].count)
    times = np.linspace(LEAST_GROWTH, GROWTH, 200)
    # Scoring asks each face the same, so at worst it grows as what was remembered.
    enough = times[taken * times ** np.clip(exponent, *EXPONENTS) + scoring * times <= left]
    return float(enough[-1]) if len(enough) else 0.0


def _scoring_seconds(model: Any, judged: Rows) -> float:
    """What all the validation faces would take, from a few of them."""
    few = judged[:SCORED]
    started = time.process_time()
    logits_of(model, few)
    return (time.process_time() - started) * len(judged) / max(len(few), 1)


def _fitted(name: str, rows: Rows, labels: npt.NDArray[np.int64], count: int) -> Grown:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), _estimators()[name]())
    clear = labels >= 0
    started, before = time.monotonic(), time.process_time()
    with warnings.catch_warnings():
        # The number of its rounds is one of the limits that a method is compared under.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(rows[clear], labels[clear])
    return Grown(model, count, time.monotonic() - started, time.process_time() - before)


def reloaded(model: Any, path: Path) -> Any:
    """Write a model to a .skops file, which runs nothing when it is read, and read it again."""
    from skops.io import dump, load

    path.parent.mkdir(parents=True, exist_ok=True)
    dump(model, path)
    return load(path, trusted=TRUSTED)


def logits_of(model: Any, rows: Rows) -> Floats:
    """N x D -> N x 10: logarithms of a method's shares, or its distances from the borders between the classes."""
    if hasattr(model, "predict_proba"):
        values = np.log(np.clip(model.predict_proba(rows), LEAST_SHARE, 1))
    else:
        values = model.decision_function(rows)
        values = np.stack([-values, values], axis=1) if values.ndim == 1 else values
    logits = np.full((len(rows), len(VOTE_COLUMNS)), -np.inf)
    logits[:, model.classes_] = values
    return logits


def parameters_of(model: Any) -> int:
    """How many numbers a fitted pipeline holds; a tree's node counts for what it asks and what it answers."""
    return sum(_numbers(value) for _, step in model.steps for value in vars(step).values())


def _numbers(value: Any) -> int:
    if isinstance(value, np.ndarray) and value.dtype != object:
        return int(value.size)
    if hasattr(value, "node_count"):
        return int(value.node_count) * (2 + int(value.value.shape[2]))
    if isinstance(value, list | tuple | np.ndarray):
        return sum(_numbers(part) for part in value)
    return _numbers(value.tree_) if hasattr(value, "tree_") else 0


def milliseconds_a_face(read: Callable[[Any], object], pixels: npt.NDArray[np.uint8]) -> float:
    """A face, on one thread, from pixels to logits: the fastest of a few rounds of sixteen faces."""
    faces, taken = np.asarray(pixels[:BATCH]), []
    with threadpool_limits(1):
        for _ in range(ROUNDS):
            started = time.perf_counter()
            read(faces)
            taken.append(time.perf_counter() - started)
    return round(min(taken) / len(faces) * 1000, 3)
