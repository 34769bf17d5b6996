from __future__ import annotations

import numpy as np
import pytest
import torch

from inference.area import SummedPictures
from inference.detect import Detector, _as_input, _sheets
from inference.pyramid import WINDOW, sheets
from tests.pictures import noise


@pytest.mark.parametrize("size", [(480, 640), (603, 1001), (97, 61), (720, 1280)])
def test_every_level_is_on_a_sheet_and_none_lies_on_another(size: tuple[int, int]) -> None:
    scale, found = WINDOW / 20, []
    for sheet in sheets(*size, 20):
        taken = np.zeros((sheet.height, sheet.width), dtype=int)
        for level in sheet.levels:
            taken[level.top : level.top + level.height, level.left : level.left + level.width] += 1
            found.append(level.scale)
            assert (level.top % 2, level.left % 2) == (0, 0)
        assert taken.max() == 1
        assert taken.sum() == sum(level.height * level.width for level in sheet.levels)
    assert found == pytest.approx([scale * 0.709**step for step in range(len(found))])
    assert min(size) * found[-1] >= WINDOW > min(size) * found[-1] * 0.709


@pytest.mark.parametrize("size", [(480, 640), (331, 257)])
@torch.inference_mode()
def test_the_network_says_the_same_to_a_sheet_as_to_each_level_alone(size: tuple[int, int]) -> None:
    """Also at the edges, where a pool would mix the last line of one level with whatever lies beside it."""
    detector, summed = Detector(), SummedPictures([np.asarray(noise(size[1], size[0]))])
    for sheet in sheets(*size, 24):
        together = detector._first(_sheets(summed, np.array([0]), sheet), sheet)[0]
        for number, level in enumerate(sheet.levels):
            alone = detector._proposal(_as_input(summed.shrunk(0, level.height, level.width)[None]))[0]
            expected = alone.permute(1, 2, 0).numpy()
            assert np.abs(together[sheet.owners == number].reshape(expected.shape) - expected).max() < 1e-4
