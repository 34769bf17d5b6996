"""Pictures of an evaluation, a data set and a run: drawn without a window, from numbers that others worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from inference.emotions import EMOTIONS
from training.evaluate import Bools, Floats, Judged, binned

# Okabe and Ito's colours, which people with any colour vision tell apart.
COLOURS: Final = ("#000000", "#E69F00", "#56B4E9", "#009E73", "#D55E00", "#CC79A7", "#0072B2", "#8C8C00")


def draw_evaluation(numbers: Mapping[str, Any], judged: Judged, folder: Path) -> list[Path]:
    """Every plot of an evaluation as a PNG in ``folder``; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = [
        _saved(confusion_matrix(np.array(numbers["confusion"]["counts"])), folder / "confusion.png"),
        _saved(precision_recall(judged), folder / "precision-recall.png"),
        _saved(reliability(judged), folder / "reliability.png"),
    ]
    if "robustness" in numbers:
        drawn.append(_saved(robustness(numbers["robustness"]["conditions"]), folder / "robustness.png"))
    return drawn


def confusion_matrix(counts: np.ndarray[Any, Any]) -> Figure:
    """Rows are what most viewers said and add up to 1; columns the strongest intensity."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = _figure(6.6, 6.0)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(*shares.shape):
        ink = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, f"{shares[row, column]:.2f}", ha="center", va="center", color=ink, fontsize=8)
    axes.set_xticks(range(len(EMOTIONS)), EMOTIONS, rotation=40, ha="right")
    axes.set_yticks(range(len(EMOTIONS)), [f"{e} ({n})" for e, n in zip(EMOTIONS, counts.sum(axis=1), strict=True)])
    axes.set(
        xlabel="strongest intensity", ylabel="majority of viewers (faces)", title="Confusion, each row adds up to 1"
    )
    return figure


def precision_recall(judged: Judged) -> Figure:
    """One curve an emotion over every threshold; the dot is where the thresholds in use stand."""
    figure, axes = _figure(7.4, 5.0)
    kept = judged.what.kept
    for i, emotion in enumerate(EMOTIONS):
        true, said = judged.what.true[kept][:, i], judged.present[kept][:, i]
        if not true.any():
            continue
        hits = true[np.argsort(-judged.intensities[kept][:, i], kind="stable")]
        found = np.cumsum(hits)
        axes.plot(found / found[-1], found / np.arange(1, len(hits) + 1), color=COLOURS[i], lw=1.4, label=emotion)
        both = (said & true).sum()
        axes.plot(both / true.sum(), both / max(said.sum(), 1), "o", color=COLOURS[i], ms=6)
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.02), title="Precision and recall")
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


def reliability(judged: Judged) -> Figure:
    """What viewers said where an intensity was read: the share of them, which it estimates, and how often it is true.

    A dot's area grows with the number of judgements. An emotion is true from a share of 0.3 on, so that line lies
    above the diagonal even for a perfect model.
    """
    figure, axes = _figure(5.8, 5.0)
    kept = judged.what.kept
    axes.plot([0, 1], [0, 1], color="#999999", lw=1, ls="--")
    _binned(axes, judged.intensities, judged.what.shares, COLOURS[6], "mean share of viewers")
    _binned(axes, judged.intensities[kept], judged.what.true[kept], COLOURS[4], "true (share of at least 0.3)")
    axes.set(xlabel="intensity", ylabel="what viewers said", title="Reliability, all emotions")
    axes.legend(fontsize=8, loc="lower right")
    return figure


def _binned(axes: Axes, intensities: Floats, said: Floats | Bools, colour: str, label: str) -> None:
    bins = binned(intensities, said)
    mean, share, count = (np.array([each[name] for each in bins]) for name in ("intensity", "said", "judgements"))
    axes.plot(mean, share, color=colour, lw=1.2, label=label)
    axes.scatter(mean, share, s=8 + 120 * np.sqrt(count / count.max()), color=colour)


def robustness(found: Mapping[str, Mapping[str, Mapping[str, float]]], name: str = "macro_f1") -> Figure:
    """One figure under each condition with its interval, against the undisturbed faces."""
    figure, axes = _figure(7.4, 4.6)
    values = [row[name] for row in found.values()]
    places = np.arange(len(values))[::-1]
    middle = np.array([v["value"] for v in values])
    beside = np.abs(np.array([[v["low"], v["high"]] for v in values]).T - middle)
    axes.barh(places, middle, xerr=beside, color="#56B4E9", error_kw={"lw": 1})
    axes.axvline(middle[0], color="#999999", lw=1, ls="--")
    axes.set_yticks(places, list(found), fontsize=8)
    axes.set(xlabel=name.replace("_", " ").replace("f1", "F1"), title="On worse pictures, 95 % intervals")
    return figure


def distribution(counts: Mapping[str, Sequence[float]], labels: Sequence[str]) -> Figure:
    """Share of all votes that each class has, split by split."""
    figure, axes = _figure(7.4, 4.2)
    width = 0.8 / max(len(counts), 1)
    for number, (split, values) in enumerate(counts.items()):
        shares = np.array(values) / max(float(np.sum(values)), 1.0)
        axes.bar(np.arange(len(labels)) + number * width, shares, width, label=split, color=COLOURS[2 + 2 * number])
    axes.set_xticks(np.arange(len(labels)) + width * (len(counts) - 1) / 2, labels, rotation=35, ha="right")
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set(ylabel="share of all votes", title="Class distribution")
    axes.legend()
    return figure


def curves(history: Sequence[Mapping[str, float]]) -> Figure:
    """Loss and scores of a run, epoch by epoch."""
    figure, (left, right) = pair(9.0, 3.8)
    epochs = np.arange(1, len(history) + 1)
    for name, colour in (("loss", COLOURS[4]), ("valid_loss", COLOURS[6])):
        left.plot(epochs, [row[name] for row in history], color=colour, label=name.replace("_", " "))
    for number, name in enumerate(n for n in history[-1] if n.startswith("valid_") and n != "valid_loss"):
        values = [row.get(name, float("nan")) for row in history]
        right.plot(
            epochs,
            values,
            color=COLOURS[2 + number],
            label=name.removeprefix("valid_").replace("_", " ").replace("f1", "F1"),
        )
    left.set(xlabel="epoch", title="Loss")
    right.set(xlabel="epoch", title="Validation")
    for axes in (left, right):
        axes.legend(fontsize=8)
    return figure


def save(figure: Figure, path: Path) -> Path:
    """Write a figure as a PNG beside its folder's others."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return _saved(figure, path)


def _saved(figure: Figure, path: Path) -> Path:
    figure.savefig(path, dpi=130, metadata={"Software": None})
    return path


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def pair(width: float, height: float) -> tuple[Figure, tuple[Axes, Axes]]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, (figure.add_subplot(1, 2, 1), figure.add_subplot(1, 2, 2))
