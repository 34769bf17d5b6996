"""The results of a comparison -> a table in Markdown and CSV, and a plot."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from training.plots import COLOURS, pair, save
from training.scores import FIVE
from training.seven import HEADING, SEVEN
from training.sources import DataError
from training.whole import write_whole

Result = dict[str, Any]
TITLES: Final = {
    "classical": "Classical methods on features",
    "embeddings": "Classical methods on the shipped network's features",
    "networks": "Networks",
    "ours": "Ours",
    "packaged": "Packaged recognisers",
    "preprocessing": "Preprocessing",
}
MACRO: Final = ("accuracy", "macro_precision", "macro_recall", "macro_f1")
MIXTURE: Final = ("macro_precision", "macro_recall", "macro_f1", "micro_f1", "map")
HEADS: Final = (
    "approach", "accuracy", "precision", "recall", "F1", "five: accuracy", "five: F1", "mixture: macro F1",
    "mixture: micro F1", "mixture: mAP", "parameters", "size", "ms a face", "fit, CPU min", "faces seen",
)  # fmt: skip
BEGIN, END = "<!-- comparison: begin -->", "<!-- comparison: end -->"


def write(results: Sequence[Result], heading: str, folder: Path) -> None:
    """``table.md`` and ``table.csv`` in a folder; the former shows the ``plot.png`` that ``draw`` puts beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "table.md").write_text(markdown(results, heading, "plot.png"))
    with (folder / "table.csv").open("w", newline="") as file:
        rows = [flat(result) for result in results]
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def markers(page: Path) -> tuple[str, str]:
    """What stands before and after the table on a page. Raises ``DataError`` where that can't be told."""
    text = page.read_text() if page.is_file() else ""
    counts = text.count(BEGIN), text.count(END)
    if counts == (0, 0):
        return text, ""
    if counts != (1, 1) or text.index(END) < text.index(BEGIN):
        raise DataError(f"{page} has to hold {BEGIN} and {END} once each and in this order, or neither.")
    before, _, rest = text.partition(BEGIN)
    return before, rest.partition(END)[2]


def put_into(page: Path, table: str) -> None:
    """Replace what stands between the two markers of a page, or add it at its end. Raises ``DataError``."""
    before, after = markers(page)
    write_whole(page, f"{before.rstrip()}\n\n{BEGIN}\n{table.strip()}\n{END}\n{after.lstrip()}".lstrip())


def markdown(results: Sequence[Result], heading: str, plot: str) -> str:
    """The whole table: approaches, F1 by emotion, detectors, what is to be known of each, and what couldn't run."""
    lines = [heading, ""]
    judged = _judged(results)
    if judged:
        lines += [f"![macro F1 of each approach, and what it costs]({plot})", "", *_table(HEADS, _main(judged)), ""]
        lines += [f"F1 by emotion, of seven classes by {HEADING}:", ""]
        lines += [*_table(("approach", *SEVEN), _by_emotion(judged)), ""]
    if detectors := [result for result in results if "found" in result]:
        lines += ["Face detectors:", "", *_table(_DETECTOR_HEADS, map(_detector, detectors)), ""]
    notes = [f"- {result['name']}: {'; '.join(result['notes'])}" for result in results if result.get("notes")]
    lines += ["To be known of each:", "", *notes, ""] if notes else []
    lacking = [f"- {result['name']}: {result['sentence']}" for result in results if "sentence" in result]
    lines += ["Not measured here:", "", *lacking, ""] if lacking else []
    return "\n".join(lines)


def _judged(results: Sequence[Result]) -> list[Result]:
    """Those with figures, group by group."""
    groups = list(TITLES)
    return sorted((r for r in results if "figures" in r), key=lambda result: groups.index(result["group"]))


def _main(judged: Sequence[Result]) -> Iterator[Sequence[str]]:
    group = None
    for result in judged:
        if result["group"] != group:
            group = result["group"]
            yield (f"**{TITLES[group]}**", *[""] * (len(HEADS) - 1))
        seven, five, mixture = (result["figures"][name] for name in ("seven", "five", "mixture"))
        yield (
            result["name"],
            *(_shown(seven[name]) for name in MACRO[:3]),
            f"{_shown(seven['macro_f1'])} ({_shown(seven['macro_f1'], 'low')} to {_shown(seven['macro_f1'], 'high')})",
            *(_shown(five[name]) for name in ("accuracy", "macro_f1")),
            *(_shown(mixture[name]) for name in ("macro_f1", "micro_f1", "map")),
            f"{result['parameters']:,}",
            _size(result["bytes"]),
            f"{result['milliseconds']:.2f}",
            f"{result['processor_seconds'] / 60:.2f}" if result["seen"] else "-",
            f"{result['seen']:,}" if result["seen"] else "-",
        )


def _by_emotion(judged: Sequence[Result]) -> Iterator[Sequence[str]]:
    for result in judged:
        classes = result["figures"]["seven"]["classes"]
        yield (result["name"], *(_shown(classes[name]["f1"]) if name in classes else "-" for name in SEVEN))


_DETECTOR_HEADS: Final = (
    "detector", "found (95 %)", "false faces in 100", "boxes elsewhere in 100", "ms a photograph", "photographs",
)  # fmt: skip


def _detector(result: Result) -> Sequence[str]:
    found = result["found"]
    share = f"{100 * found['value']:.1f} % ({100 * found['low']:.1f} to {100 * found['high']:.1f})"
    counts = (f"{result['false_in_100']:.1f}", f"{result['elsewhere_in_100']:.1f}")
    return (result["title"], share, *counts, f"{result['milliseconds']:.1f}", str(result["photographs"]))


def _table(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|---{'|---:' * (len(heads) - 1)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _shown(figure: dict[str, float], which: str = "value") -> str:
    return f"{figure[which]:.3f}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"


def flat(result: Result) -> dict[str, Any]:
    """One row of the CSV: every figure, those of each class, and the ends of the macro figures' intervals."""
    row = {name: value for name, value in result.items() if not isinstance(value, dict | list | tuple)}
    row["notes"] = "; ".join(result.get("notes", ()))
    for name, value in result.get("found", {}).items():
        row[f"found_{name}"] = value
    for labels, names in (("seven", MACRO), ("five", MACRO), ("mixture", MIXTURE)):
        figures = result.get("figures", {}).get(labels, {})
        row |= {f"{labels}_averaged": figures["averaged"]} if figures else {}
        for name in names:
            for end, value in figures.get(name, {}).items():
                row[f"{labels}_{name}" + (f"_{end}" if end != "value" else "")] = value
        for emotion, found in figures.get("classes", {}).items():
            row |= {f"{labels}_{emotion}_{figure}": value["value"] for figure, value in found.items()}
    return row


def draw(results: Sequence[Result], path: Path) -> None:
    """Macro F1 of seven classes with its interval, and beside it what a face costs; nothing where nothing has any."""
    judged = sorted(_judged(results), key=lambda result: result["figures"]["seven"]["macro_f1"]["value"])
    if not judged:
        return
    figure, (left, right) = pair(12.0, 2.2 + 0.22 * len(judged))
    colours = dict(zip(TITLES, (COLOURS[2], COLOURS[3], COLOURS[6], COLOURS[4], COLOURS[1], COLOURS[5]), strict=True))
    values = [result["figures"]["seven"]["macro_f1"] for result in judged]
    middle = np.array([value["value"] for value in values])
    beside = np.abs(np.array([[value["low"], value["high"]] for value in values]).T - middle)
    ink = [colours[result["group"]] for result in judged]
    left.barh(range(len(judged)), middle, xerr=beside, color=ink, error_kw={"lw": 0.8})
    left.set_yticks(range(len(judged)), [result["name"] for result in judged], fontsize=7)
    left.set(xlabel="macro F1, seven classes, 95 % intervals", ylim=(-0.6, len(judged) - 0.4))
    for group, colour in colours.items():
        rows = [result for result in judged if result["group"] == group]
        if rows:
            places = [(row["milliseconds"], row["figures"]["seven"]["macro_f1"]["value"]) for row in rows]
            across, up = zip(*places, strict=True)
            right.scatter(across, up, s=26, color=colour, label=TITLES[group])
            # The best of each, and all of ours: those whose cost people ask for.
            for row, place in list(zip(rows, places, strict=True))[0 if group == "ours" else -1 :]:
                right.annotate(row["name"], place, (5, 3), textcoords="offset points", fontsize=7)
    right.set(xscale="log", xlabel="ms a face, one thread", ylabel="macro F1, seven classes")
    right.legend(fontsize=8)
    save(figure, path)


def heading(title: str, train: int, valid: int, budget: float, absent: Sequence[str] = ()) -> str:
    """What was measured, on what, and how: also what it isn't fair about."""
    some = f" over the {len(SEVEN) - len(absent)} that occur (nobody shows {', '.join(absent)})" if absent else ""
    return (
        f"Measured on {title} Valid ({valid:,} faces) after learning from Train ({train:,}), each fit planned for a "
        f"budget of {budget:g} minutes of the processor; the notes say which took clearly more. Accuracy, precision, "
        f"recall and F1 are over seven classes by {HEADING}, macro averages{some} with 95 % bootstrap intervals; "
        f"*five* are {', '.join(FIVE)} from the same fits; *mixture* is the FER+ multi-label protocol from the "
        "same fits too, outputs calibrated on these faces, thresholds cross-fitted. Classical methods and "
        "landmarks-mlp learned eight single labels, every network but that one the shares of all ten votes. Features "
        "are made once and kept: they count in milliseconds a face, which is one thread from pixels to logits, not in "
        "the fit.\n\n"
        "Our own recipe, the shipped bundle and with it its embeddings were chosen on FER+ Valid, so figures from "
        "there flatter them. Intervals come from drawing the judged faces anew; each fit was run once, and where the "
        "budget ended a network's run, that is what its minutes buy and not what it can reach. Only networks with a "
        "bundle see their faces changed at random. What the others are set to are textbook values: "
        "nobody tuned them."
    )
