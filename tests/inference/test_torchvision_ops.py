from __future__ import annotations

import subprocess
import sys
import textwrap

import numpy as np
import pytest
import torch

from inference import torchvision_ops
from inference.torchvision_ops import batched_nms


def in_a_fresh_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_facenet_imports_and_detects_after_prepare() -> None:
    said = in_a_fresh_process(
        """
        from inference import torchvision_ops
        torchvision_ops.prepare()
        import torchvision, facenet_pytorch
        print(torchvision_ops.prepare() in (True, False), facenet_pytorch.MTCNN is not None)
        """
    )
    assert said == "True True"


def test_it_is_inert_where_the_operators_load() -> None:
    said = in_a_fresh_process(
        """
        import torch
        # What a working torchvision leaves behind: a defined operator.
        real = torch.library.Library("torchvision", "DEF")
        real.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        from inference import torchvision_ops
        from unittest.mock import patch
        with patch.object(torch.ops, "load_library"):
            needed = torchvision_ops.prepare()
        import sys
        print(needed, torchvision_ops._library, "facenet_pytorch" in sys.modules)
        """
    )
    assert said == "False None False"


def test_preparing_twice_changes_nothing() -> None:
    assert torchvision_ops.prepare() == torchvision_ops.prepare()


def plain_nms(boxes: np.ndarray, scores: np.ndarray, groups: np.ndarray, iou: float) -> list[int]:
    """The definition, slowly: best first, drop what overlaps a kept box of its group."""

    def overlap(a: np.ndarray, b: np.ndarray) -> float:
        width = min(a[2], b[2]) - max(a[0], b[0])
        height = min(a[3], b[3]) - max(a[1], b[1])
        shared = max(width, 0) * max(height, 0)
        return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)

    kept: list[int] = []
    for i in np.argsort(-scores, kind="stable"):
        if all(groups[i] != groups[k] or overlap(boxes[i], boxes[k]) <= iou for k in kept):
            kept.append(int(i))
    return kept


@pytest.mark.parametrize("seed", range(5))
def test_suppression_follows_the_definition(seed: int) -> None:
    random = np.random.default_rng(seed)
    corner = random.uniform(-20, 80, (120, 2))
    boxes = np.concatenate([corner, corner + random.uniform(5, 40, (120, 2))], axis=1).astype(np.float32)
    scores, groups = random.random(120).astype(np.float32), random.integers(0, 3, 120)
    found = batched_nms(torch.from_numpy(boxes), torch.from_numpy(scores), torch.from_numpy(groups), 0.5)
    assert found.tolist() == plain_nms(boxes, scores, groups, 0.5)


def test_no_boxes_are_no_boxes() -> None:
    assert batched_nms(torch.empty(0, 4), torch.empty(0), torch.empty(0), 0.5).tolist() == []
