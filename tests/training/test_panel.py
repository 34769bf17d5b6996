from __future__ import annotations

import numpy as np
import pytest

from tests.training.test_evaluate import votes
from training.evaluate import truth
from training.panel import cleaned_shares, draws, human_ruler
from training.seven import majority_of_seven, seven_classes


def test_a_panel_is_drawn_from_the_faces_own_viewers_and_the_rest_stay() -> None:
    given = votes([6, 3, 0, 1], [0, 0, 10], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    seen = []
    for panel, others in draws(given, viewers=3, seed=0):
        assert (panel + others == given).all()
        assert (panel.sum(axis=1) == 3).all()
        assert (panel >= 0).all()
        assert (others >= 0).all()
        seen.append(panel)
    assert len(seen) == 5
    assert any((one != seen[0]).any() for one in seen)
    again = [panel for panel, _ in draws(given, viewers=3, seed=0)]
    assert all((one == two).all() for one, two in zip(seen, again, strict=True))


def test_every_viewer_is_as_likely_to_be_drawn() -> None:
    given = np.tile(votes([6, 3, 0, 1]), (4000, 1))
    mean = np.mean([panel for panel, _ in draws(given, viewers=5, seed=1)], axis=(0, 1))
    assert mean[:4] == pytest.approx([3.0, 1.5, 0.0, 0.5], abs=0.03)


def test_a_face_with_too_few_viewers_has_nobody_left_to_judge_by() -> None:
    _, others = next(draws(votes([2, 1], [10]), viewers=5, seed=0))
    assert others.sum(axis=1).tolist() == [0, 5]
    assert not truth(cleaned_shares(others)).kept[0]


def test_single_votes_left_over_make_no_truth() -> None:
    assert (cleaned_shares(votes([1, 1, 1])) == 0).all()


def test_a_seer_beats_five_viewers_and_a_guesser_not_even_one() -> None:
    random = np.random.default_rng(0)
    given = np.stack([random.multinomial(10, p) for p in random.dirichlet(np.full(10, 0.15), 800)])
    seer = human_ruler(given, truth(cleaned_shares(given)).true)
    guesser = human_ruler(given, random.random((800, 8)) < 0.2)
    assert seer["worth"] == 5
    assert guesser["worth"] == 0
    row = seer["panels"]["3"]["macro_f1"]
    assert row["ahead"]["value"] == pytest.approx(row["model"]["value"] - row["panel"]["value"], abs=2e-4)
    assert row["ahead"]["low"] < row["ahead"]["value"] < row["ahead"]["high"]
    means = [seer["panels"][k]["micro_f1"]["panel"]["value"] for k in ("1", "3", "5")]
    assert means == sorted(means)


def test_seven_classes_leave_out_ties_and_what_is_none_of_the_seven() -> None:
    given = votes([6, 4], [5, 5], [0] * 7 + [6], [0, 2] + [0] * 6 + [8], [0] * 9 + [10], [0, 0, 0, 0, 0, 0, 9, 1])
    assert majority_of_seven(given).tolist() == [0, -1, -1, -1, -1, 6]
    intensities = np.zeros((6, 8))
    intensities[0, 0] = intensities[5, 0] = 1
    found = seven_classes(given, intensities)
    assert found["faces"] == 2
    assert found["accuracy"]["value"] == 0.5
    assert "FER2013" not in found["heading"]
