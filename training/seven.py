"""The seven classes of FER2013, by the majority of FER+ votes: for those who know faces by seven labels."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from inference.emotions import EMOTIONS
from training.evaluate import Floats, present_figures
from training.intervals import interval, resampled
from training.sources import DataError

HEADING: Final = "majority of FER+ votes"
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


def seven_classes(votes: npt.NDArray[np.int64], intensities: Floats, seed: int = 0) -> dict[str, Any]:
    """Accuracy and macro F1 of the strongest of seven intensities; never to be called FER2013 accuracy.

    Of a class that no face shows there is nothing to say: macro F1 is the mean over the others, ``averaged`` of them.
    Raises ``DataError`` where no face shows any.
    """
    meant = majority_of_seven(votes)
    judged = meant >= 0
    if not judged.any():
        raise DataError(
            f"No face shows one of {', '.join(SEVEN)} by a majority of its votes: there is nothing to score."
        )
    said = intensities[judged][:, : len(SEVEN)].argmax(axis=1)
    meant = meant[judged]
    weights = resampled(len(meant), seed=seed)
    classes = np.arange(len(SEVEN))
    true = meant[:, None] == classes
    found = present_figures(said[:, None] == classes, true, weights)
    occurring = np.flatnonzero(true.any(axis=0)).tolist()
    return {
        "heading": HEADING,
        "faces": len(meant),
        # One label a face: micro F1 of one-hot sets is accuracy.
        "accuracy": interval(found["micro_f1"]),
        "averaged": len(occurring),
        "macro_f1": interval(found["f1"][:, occurring].mean(axis=1)),
        "f1": {SEVEN[i]: interval(found["f1"][:, i]) for i in occurring},
    }
