"""A version's figures as sheets that a person can read, and two versions' figures side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from inference.emotions import EMOTIONS
from journal.registry.models import Evaluation, Figure, ModelVersion

# The figures by emotion, in the order in which people ask for them.
BY_EMOTION: Final = ("f1", "precision", "recall", "average_precision")
LOWER_IS_BETTER: Final = ("brier", "ece", "share_ece", "fp32", "bf16", "bytes", "parameters")
HEAT: Final = 9


@dataclass(frozen=True)
class Bar:
    """One bar of the drawing by emotion, 0 to 100 along its scale; ``low`` and ``high`` may be unknown."""

    emotion: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Cell:
    count: int
    heat: int  # 0 to 9: the share of its row


@dataclass(frozen=True)
class Dot:
    """One bin of the reliability drawing, in percent; ``size`` is its radius: the more judgements, the larger."""

    intensity: float
    said: float
    size: float


@dataclass(frozen=True)
class Row:
    """A line of a table: its head and a figure, or nothing, in each column."""

    head: str
    figures: Sequence[Figure | None]


@dataclass(frozen=True)
class Sheet:
    """One evaluation, laid out."""

    evaluation: Evaluation
    overall: Sequence[Figure]
    columns: Sequence[str]
    emotions: Sequence[Row]
    bars: Sequence[Bar]
    confusion: Sequence[tuple[str, Sequence[Cell]]]
    reliability: Sequence[Dot]
    group_columns: Sequence[str]
    groups: Sequence[Row]
    shifts: Sequence[Row]


@dataclass(frozen=True)
class Difference:
    """One figure of two versions. ``apart``: their 95 % intervals don't touch. ``better``: the second, if either is."""

    first: Figure
    second: Figure
    difference: float
    apart: bool
    better: bool | None


@dataclass(frozen=True)
class Contrast:
    """What two versions were both measured on."""

    data: str
    split: str
    overall: Sequence[Difference]
    others: Sequence[Difference]  # by emotion, by group
    bars: Sequence[tuple[Bar, Bar]]


def sheets(version: ModelVersion) -> list[Sheet]:
    """Every evaluation of a version, the newest first; two queries."""
    return [_sheet(evaluation) for evaluation in _evaluations(version)]


def contrasts(first: ModelVersion, second: ModelVersion) -> list[Contrast]:
    """The newest evaluations that both have on the same data set and split; four queries."""
    ones, others = _newest(first), _newest(second)
    return [_contrast(ones[place], others[place]) for place in ones if place in others]


def _evaluations(version: ModelVersion) -> Iterable[Evaluation]:
    return version.evaluations.order_by("-id").prefetch_related("figures")


def _newest(version: ModelVersion) -> dict[tuple[str, str], Evaluation]:
    found: dict[tuple[str, str], Evaluation] = {}
    for evaluation in _evaluations(version):
        found.setdefault((evaluation.data, evaluation.split), evaluation)
    return found


def _sheet(evaluation: Evaluation) -> Sheet:
    figures = list(evaluation.figures.all())
    names = {figure.name for figure in figures if figure.emotion and not figure.group}
    columns = [name for name in BY_EMOTION if name in names]
    grouped = [figure for figure in figures if figure.group and not figure.emotion]
    group_columns = list(dict.fromkeys(figure.name for figure in grouped))
    return Sheet(
        evaluation=evaluation,
        overall=[figure for figure in figures if not figure.emotion and not figure.group],
        columns=columns,
        emotions=_rows([f for f in figures if f.emotion and not f.group], "emotion", "name", columns),
        bars=bars(figures),
        confusion=_confusion(evaluation.numbers),
        reliability=_reliability(evaluation.numbers),
        group_columns=group_columns,
        groups=_rows(grouped, "group", "name", group_columns),
        shifts=_rows([f for f in figures if f.emotion and f.group], "group", "emotion", EMOTIONS),
    )


def _rows(figures: Sequence[Figure], head: str, column: str, columns: Sequence[str]) -> list[Row]:
    found = {(getattr(figure, head), getattr(figure, column)): figure for figure in figures}
    heads = dict.fromkeys(getattr(figure, head) for figure in figures)
    return [Row(name, [found.get((name, key)) for key in columns]) for name in heads]


def bars(figures: Iterable[Figure]) -> list[Bar]:
    """F1 by emotion, to be drawn."""
    found = {figure.emotion: figure for figure in figures if figure.name == "f1" and not figure.group}
    return [_bar(found[emotion]) for emotion in EMOTIONS if emotion in found]


def _bar(figure: Figure) -> Bar:
    low, high = (None if end is None else end * 100 for end in (figure.low, figure.high))
    return Bar(figure.emotion, figure.value * 100, low, high)


def _confusion(numbers: Any) -> list[tuple[str, Sequence[Cell]]]:
    confusion = numbers.get("confusion")
    counts = confusion.get("counts") if isinstance(confusion, dict) else None
    if counts is None or not _is_square(counts):
        return []
    return [
        (emotion, [Cell(count, round(HEAT * count / max(sum(row), 1))) for count in row])
        for emotion, row in zip(EMOTIONS, counts, strict=True)
    ]


def _reliability(numbers: Any) -> list[Dot]:
    """What viewers said where an intensity was read; nothing where the numbers aren't what they are called."""
    found = numbers.get("reliability")
    bins = found.get("shares") if isinstance(found, dict) else None
    if not isinstance(bins, list) or not bins or not all(_is_bin(each) for each in bins):
        return []
    most = max(each["judgements"] for each in bins)
    return [Dot(100 * b["intensity"], 100 * b["said"], 0.8 + 2.2 * (b["judgements"] / most) ** 0.5) for b in bins]


def _is_bin(each: Any) -> bool:
    if not isinstance(each, dict) or not _is_count(each.get("judgements")) or not each["judgements"]:
        return False
    ends = (each.get("intensity"), each.get("said"))
    return all(isinstance(end, int | float) and not isinstance(end, bool) and 0 <= end <= 1 for end in ends)


def _is_square(counts: Any) -> bool:
    """What somebody brought need not be what it is called."""
    side = len(EMOTIONS)
    if not isinstance(counts, list) or len(counts) != side:
        return False
    return all(isinstance(row, list) and len(row) == side and all(_is_count(value) for value in row) for row in counts)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _contrast(first: Evaluation, second: Evaluation) -> Contrast:
    ones, others = ({(f.emotion, f.group, f.name): f for f in one.figures.all()} for one in (first, second))
    shared = [_difference(ones[place], others[place]) for place in ones if place in others]
    drawn = {bar.emotion: bar for bar in bars(others.values())}
    return Contrast(
        first.data,
        first.split,
        [row for row in shared if not row.first.emotion and not row.first.group],
        [row for row in shared if row.first.emotion or row.first.group],
        [(bar, drawn[bar.emotion]) for bar in bars(ones.values()) if bar.emotion in drawn],
    )


def _difference(first: Figure, second: Figure) -> Difference:
    by, apart = second.value - first.value, _apart(first, second)
    better = (by < 0) if first.name in LOWER_IS_BETTER else (by > 0)
    return Difference(first, second, by, apart, better if apart else None)


def _apart(first: Figure, second: Figure) -> bool:
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return False
    return second.low > first.high or second.high < first.low
