"""The seven classes of FER2013, by the majority of FER+ votes: for those who know faces by seven labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from inference.emotions import EMOTIONS
from training.evaluate import Bools, Floats, present_figures
from training.intervals import interval, resampled
from training.sources import DataError

HEADING: Final = "majority of FER+ votes"
FIGURES: Final = ("precision", "recall", "f1")
SEVEN: Final = EMOTIONS[:7]  # all but contempt, which FER2013 doesn't have


def majority_of_seven(votes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Votes N x 10 -> index of the seven with the most votes; -1 for a tie, or where something else won."""
    return majority_of(votes, len(SEVEN))


def majority_of(votes: npt.NDArray[np.int64], classes: int) -> npt.NDArray[np.int64]:
    """The same among the first so many classes."""
    largest = votes.max(axis=1)
    alone = (votes == largest[:, None]).sum(axis=1) == 1
    won = votes.argmax(axis=1)
    return np.where(alone & (won < classes), won, -1)


def seven_classes(votes: npt.NDArray[np.int64], intensities: Floats) -> dict[str, Any]:
    """Accuracy and F1 of the strongest of seven intensities; never to be called FER2013 accuracy.

    Raises ``DataError`` where no face shows any.
    """
    meant = majority_of_seven(votes)
    if not (meant >= 0).any():
        raise DataError(
            f"No face shows one of {', '.join(SEVEN)} by a majority of its votes: there is nothing to score."
        )
    found = strongest(intensities, meant, range(len(SEVEN)))
    f1 = {name: figures["f1"] for name, figures in found["classes"].items()}
    return {
        "heading": HEADING,
        **{name: found[name] for name in ("faces", "accuracy", "averaged", "macro_f1")},
        "f1": f1,
    }


def strongest(said: Floats, meant: npt.NDArray[np.int64], classes: Sequence[int]) -> dict[str, Any]:
    """How well the largest of N x 8 (or more) numbers names what N faces meant, -1: left out, among some classes."""
    judged, numbers = meant >= 0, np.array(classes)
    named = numbers[said[judged][:, numbers].argmax(axis=1)]
    true = meant[judged][:, None] == numbers
    found = present_figures(named[:, None] == numbers, true, resampled(int(judged.sum())))
    # One label a face: micro F1 of one-hot sets is accuracy.
    figures = {"faces": int(judged.sum()), "accuracy": interval(found["micro_f1"])}
    return figures | by_class(found, [EMOTIONS[number] for number in classes], true)


def by_class(found: dict[str, Floats], names: Sequence[str], true: Bools) -> dict[str, Any]:
    """Macro figures, and those of each class: of classes that no face shows there is nothing to say."""
    occurring: list[int] = np.flatnonzero(true.any(axis=0)).tolist()
    return {
        "averaged": len(occurring),
        **{f"macro_{figure}": interval(found[figure][:, occurring].mean(axis=1)) for figure in FIGURES},
        "classes": {names[i]: {figure: interval(found[figure][:, i]) for figure in FIGURES} for i in occurring},
    }
