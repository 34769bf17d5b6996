"""A bundle's model card: Markdown, HTML and plots, with every figure measured from the bundle itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt

from inference.emotions import EMOTIONS
from training.intervals import counted, shown
from training.plots import draw_evaluation
from training.report import Evaluation
from training.words import BY_GROUP, DATA, DETECTOR, INTENDED, LIMITS, MISUSE, PAGE, WHAT

Numbers = Mapping[str, Any]
WEAK: Final = 0.5
PLOTS: Final = {
    "confusion.png": "Confusion matrix",
    "precision-recall.png": "Precision and recall by emotion",
    "reliability.png": "Reliability",
    "robustness.png": "Macro F1 on worse pictures",
}


def write_card(measured: Numbers, evaluation: Evaluation, out: Path) -> list[Path]:
    """Write card.md, card.html, card.json and the plots into ``out``; returns the paths.

    ``measured`` holds ``manifest``, ``data`` (what it was measured on), ``cost``, ``evaluation``, ``photos`` (a list),
    ``groups`` and ``detector`` (or None) and ``command``, which reproduces it all.
    """
    out.mkdir(parents=True, exist_ok=True)
    plots = draw_evaluation(evaluation.numbers, evaluation.judged, out)
    text = "\n".join(_card(measured, [path.name for path in plots]))
    page = MarkdownIt("commonmark").enable("table").render(text)
    (out / "card.md").write_text(text)
    (out / "card.html").write_text(PAGE.format(title=f"Model card: {measured['manifest']['name']}", body=page))
    (out / "card.json").write_text(json.dumps(measured, indent=2) + "\n")
    return [out / "card.md", out / "card.html", out / "card.json", *plots]


def _card(measured: Numbers, plots: Sequence[str]) -> Iterator[str]:
    manifest, numbers = measured["manifest"], measured["evaluation"]
    yield f"# Model card: {manifest['name']}\n\n{WHAT}\n"
    yield from _table(("", ""), _facts(manifest, measured["cost"]))
    yield f"## Intended use\n\n{INTENDED}\n\n## Misuse\n\n{MISUSE}\n"
    yield from _data(manifest)
    yield from _results(numbers, measured["data"])
    for plot in plots:
        yield f"![{PLOTS[plot]}]({plot})\n"
    if "robustness" in numbers:
        yield from _robustness(numbers["robustness"])
    for photos in measured["photos"]:
        yield from _photos(photos)
    if measured["groups"]:
        yield from _groups(measured["groups"])
    if measured["detector"]:
        yield from _detector(measured["detector"])
    yield from _limits(numbers)
    yield f"## Reproduce\n\n```sh\n{measured['command']}\n```\n"


def _facts(manifest: Numbers, cost: Numbers) -> list[tuple[str, str]]:
    speed = cost["milliseconds_a_face"]
    return [
        ("weights", f"sha256 `{manifest['sha256']}`"),
        ("made", str(manifest.get("created", "unknown"))),
        ("network", f"`{json.dumps(manifest['architecture'])}`"),
        ("size", f"{cost['parameters']:,} parameters, {cost['bytes'] / 2**20:.2f} MiB on disk"),
        (
            f"time, {cost['batch']} faces at once on one thread",
            f"{speed['fp32']} ms a face in fp32, {speed['bf16']} ms in bf16",
        ),
        ("calibration", _calibration(manifest["calibration"])),
        ("thresholds", ", ".join(f"{name} {value:.2f}" for name, value in manifest["thresholds"].items())),
    ]


def _calibration(told: Numbers) -> str:
    shift = ", ".join(f"{name} {value:+.2f}" for name, value in told.get("shift", {}).items())
    within = f"; within the weights the outputs are shifted by {shift}" if shift else ""
    return f"temperature {told['temperature']}{within}; fitted on {told.get('fitted_on', 'unknown faces')} as a whole"


def _data(manifest: Numbers) -> Iterator[str]:
    yield "## Data and licences\n"
    yield from (f"- {line}" for line in manifest["data"])
    yield f"\n{manifest['licence']}\n\n{DATA}\n"


def _results(numbers: Numbers, data: str) -> Iterator[str]:
    yield f"## Results on {data} {numbers['split'].capitalize()}\n"
    yield (
        f"{numbers['faces']} faces: {numbers['faces_majority']} with a majority, {numbers['faces_multi_label']} in the "
        f"multi-label protocol. Thresholds are {numbers['thresholds']}. In brackets: 95 % bootstrap intervals.\n"
    )
    yield from _table(("figure", "value"), [(_named(name), shown(row)) for name, row in numbers["figures"].items()])
    columns = ("f1", "precision", "recall", "average_precision")
    yield from _table(
        ("emotion", "true faces", *map(_named, columns)),
        [(e, str(row["true"]), *(shown(row[c]) for c in columns)) for e, row in numbers["emotions"].items()],
    )
    yield from _ruler(numbers["human_ruler"])
    seven = numbers["seven_classes"]
    yield (
        f"Seven classes, {seven['heading']}: accuracy {shown(seven['accuracy'])}, macro F1 {shown(seven['macro_f1'])} "
        f"over the {seven['averaged']} that occur, on {seven['faces']} faces.\n"
    )


def _ruler(ruler: Numbers) -> Iterator[str]:
    worth = ruler["worth"]
    yield "### Worth how many viewers?\n"
    yield (
        f"It is not below a panel of {worth} on macro and micro F1.\n" if worth else "It is below one single viewer.\n"
    )
    yield from _table(
        ("panel", "figure", "panel's", "model's", "model ahead by"),
        [
            (viewers, _named(name), shown(row["panel"]), shown(row["model"]), shown(row["ahead"]))
            for viewers, compared in ruler["panels"].items()
            for name, row in compared.items()
        ],
    )


def _robustness(found: Numbers) -> Iterator[str]:
    yield f"## On worse pictures\n\n{found['faces']} faces drawn at random, by the bundle's own thresholds.\n"
    first = next(iter(found["conditions"].values()))
    yield from _table(
        ("condition", *map(_named, first)),
        [(name, *(shown(figure) for figure in row.values())) for name, row in found["conditions"].items()],
    )


def _photos(numbers: Numbers) -> Iterator[str]:
    yield f"## On photographs: {numbers['source']}\n"
    yield (
        f"Through the whole pipeline, in brackets 95 % Wilson intervals: a face found in {counted(numbers['found'])}, "
        f"read in {counted(numbers['read'])}.\n"
    )
    yield from _table(
        ("emotion", "present where labelled", "absent elsewhere", "F1", "average precision"),
        [
            (emotion, counted(row["present_where_labelled"]), counted(row["absent_elsewhere"]), f"{row['f1']:.3f}",
             f"{row['average_precision']:.3f}")
            for emotion, row in numbers["emotions"].items()
        ],
    )  # fmt: skip


def _groups(numbers: Numbers) -> Iterator[str]:
    yield f"## By group\n\n{BY_GROUP}\n"
    for column, groups in numbers["groups"].items():
        yield f"### By {column}\n"
        yield from _table(
            (column, "found", "read"),
            [(name, counted(row["found"]), counted(row["read"])) for name, row in groups.items()],
        )
        yield from _table(
            ("mean intensity less everybody's", *EMOTIONS),
            [(name, *(_signed(row["shift"][e]) for e in EMOTIONS)) for name, row in groups.items() if row["shift"]],
        )


def _detector(found: Numbers) -> Iterator[str]:
    yield f"## Finding faces\n\n{DETECTOR}\n"
    yield from _table(
        ("", *next(iter(found.values()))),
        [
            (name, *(f"{value:,}" if row["faces"] or "recall" not in what else "" for what, value in row.items()))
            for name, row in found.items()
        ],
    )


def _limits(numbers: Numbers) -> Iterator[str]:
    yield f"## Limits\n\n{LIMITS}\n"
    weak = [
        f"{emotion} (F1 {shown(row['f1'])}, {row['true']} true faces)"
        for emotion, row in numbers["emotions"].items()
        if row["f1"]["value"] < WEAK
    ]
    if weak:
        yield f"It is weak on {', '.join(weak)}: what it says of these should carry little weight.\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def _named(figure: str) -> str:
    names = {
        "map": "mAP",
        "brier": "Brier score, against vote shares",
        "ece": "expected calibration error, against true or not",
        "share_ece": "expected calibration error, against vote shares",
    }
    return names.get(figure, figure.replace("_", " ").replace("f1", "F1"))


def _signed(figure: Mapping[str, float]) -> str:
    return f"{figure['value']:+.3f} [{figure['low']:+.3f}, {figure['high']:+.3f}]"
