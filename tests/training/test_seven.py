from __future__ import annotations

import numpy as np
import pytest

from training.formats import VOTE_COLUMNS
from training.seven import SEVEN, seven_classes
from training.sources import DataError


def test_a_class_that_nobody_shows_is_not_counted_as_missed() -> None:
    """Captures of one's own seldom hold all seven."""
    random = np.random.default_rng(3)
    shown = random.integers(0, 3, 120)  # neutral, happiness, surprise
    votes = np.zeros((120, len(VOTE_COLUMNS)), dtype=np.int64)
    votes[np.arange(120), shown] = 10
    intensities = np.eye(8)[shown]
    found = seven_classes(votes, intensities)
    assert found["averaged"] == 3
    assert found["macro_f1"]["value"] == 1.0
    assert list(found["f1"]) == list(SEVEN[:3])
    # Somebody who shows happiness is read as sad: happiness loses, sadness still has nobody to be judged on.
    wrong = int(np.flatnonzero(shown == 1)[0])
    intensities[wrong] = np.eye(8)[3]
    found = seven_classes(votes, intensities)
    count = int((shown == 1).sum())
    assert found["averaged"] == 3
    assert found["macro_f1"]["value"] == pytest.approx((2 + 2 * (count - 1) / (2 * count - 1)) / 3, abs=1e-4)


def test_faces_of_none_of_the_seven_are_refused_in_a_sentence() -> None:
    votes = np.zeros((12, len(VOTE_COLUMNS)), dtype=np.int64)
    votes[:, VOTE_COLUMNS.index("contempt")] = 10
    with pytest.raises(DataError, match="nothing to score"):
        seven_classes(votes, np.full((12, 8), 0.1))
