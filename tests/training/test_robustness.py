from __future__ import annotations

import numpy as np

from tests.training.drawn import drawn_faces
from training.robustness import CONDITIONS, worsened


def test_each_condition_changes_the_faces_the_same_way_each_time() -> None:
    pixels = drawn_faces(6, seed=1).pixels
    first, again = dict(worsened(pixels)), dict(worsened(pixels))
    assert set(first) == set(CONDITIONS)
    for name, faces in first.items():
        assert faces.shape == pixels.shape
        assert faces.dtype == np.uint8
        assert (faces != pixels).any(), name
        assert (faces == again[name]).all(), name


def test_conditions_do_what_their_names_say_and_the_second_is_the_harder() -> None:
    pixels = drawn_faces(6, seed=1).pixels
    found = dict(worsened(pixels))
    for mild, harsh in zip(list(CONDITIONS)[::2], list(CONDITIONS)[1::2], strict=True):
        assert mild.split(",")[0] == harsh.split(",")[0]
        changed = [np.abs(found[name].astype(int) - pixels).mean() for name in (mild, harsh)]
        assert changed[0] < changed[1], harsh
    assert abs(found["darkness, half the light"].mean() / pixels.mean() - 0.5) < 0.02


def test_off_centre_moves_the_face_by_the_share_it_names() -> None:
    pixels = np.zeros((8, 48, 48), dtype=np.uint8)
    pixels[:, 22:26, 22:26] = 200
    moved = dict(worsened(pixels))["off-centre, a tenth of the side"]
    ys, xs = np.mgrid[:48, :48]
    for face in moved.astype(float):
        distance = np.hypot((face * xs).sum() / face.sum() - 23.5, (face * ys).sum() / face.sum() - 23.5)
        assert abs(distance - 4.8) < 0.3
