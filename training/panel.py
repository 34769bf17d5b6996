"""The human ruler: is the model worth more than a panel of k viewers?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from inference.emotions import EMOTIONS
from training.evaluate import TRUE_SHARE, Bools, Floats, present_figures, truth
from training.formats import VOTE_COLUMNS
from training.intervals import interval, resampled

PANELS: Final = (1, 3, 5)
DRAWS: Final = 5
Votes = npt.NDArray[np.int64]


def human_ruler(votes: Votes, present: Bools, seed: int = 0) -> dict[str, Any]:
    """Votes N x 10 and a model's present sets N x 8 -> each panel's figures beside the model's, and ``worth``.

    A panel's viewers are drawn from a face's own without replacement; an emotion is present for the panel at a
    share of at least 0.3 of it. Truth is what the other viewers said, cleaned, by the multi-label protocol.
    Figures are means of five draws. ``worth`` is the largest of these panels that the model doesn't fall below.
    """
    weights = resampled(len(votes), seed=seed)
    panels = {str(viewers): _compare(votes, present, viewers, weights, seed) for viewers in PANELS}
    worth = [k for k in PANELS if all(panels[str(k)][f]["ahead"]["value"] >= 0 for f in ("macro_f1", "micro_f1"))]
    return {"panels": panels, "worth": max(worth, default=0)}


def _compare(votes: Votes, present: Bools, viewers: int, weights: Floats, seed: int) -> dict[str, Any]:
    totals: dict[str, dict[str, Floats]] = {name: {} for name in ("macro_f1", "micro_f1")}
    for panel, others in draws(votes, viewers, seed):
        what = truth(cleaned_shares(others))
        counted, true = weights[:, what.kept], what.true[what.kept]
        said = (panel >= TRUE_SHARE * viewers)[:, : len(EMOTIONS)]
        for who, sets in (("panel", said), ("model", present)):
            found = present_figures(sets[what.kept], true, counted)
            for name, sums in totals.items():
                sums[who] = sums.get(who, 0) + found[name] / DRAWS
    return {
        name: {
            "panel": interval(sums["panel"]),
            "model": interval(sums["model"]),
            "ahead": interval(sums["model"] - sums["panel"]),
        }
        for name, sums in totals.items()
    }


def draws(votes: Votes, viewers: int, seed: int) -> Iterator[tuple[Votes, Votes]]:
    """Five times: the panel's votes N x 10 and the others'. A face with fewer viewers than that has no others."""
    random = np.random.default_rng(seed)
    most = int(votes.sum(axis=1).max())
    # Each viewer's choice, N x most, in the order of the columns; -1 where a face had fewer viewers.
    starts = np.cumsum(votes, axis=1)
    choice = (np.arange(most)[None, :, None] >= starts[:, None, :]).sum(axis=2)
    choice = np.where(choice < len(VOTE_COLUMNS), choice, -1)
    for _ in range(DRAWS):
        order = np.where(choice >= 0, random.random(choice.shape), np.inf).argsort(axis=1)
        panel = _counted(np.take_along_axis(choice, order[:, :viewers], axis=1))
        yield panel, votes - panel


def cleaned_shares(votes: Votes) -> Floats:
    """Shares N x 10 after single votes are dropped; all 0 where nothing remains."""
    cleaned = np.where(votes >= 2, votes, 0)
    return np.asarray(cleaned / np.maximum(cleaned.sum(axis=1, keepdims=True), 1))


def _counted(choice: npt.NDArray[np.int64]) -> Votes:
    return np.stack([(choice == column).sum(axis=1) for column in range(len(VOTE_COLUMNS))], axis=1)
