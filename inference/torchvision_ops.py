"""Let ``import torchvision`` and facenet-pytorch work where torchvision's compiled operators cannot load.

torchvision's wheel is linked against CUDA. Beside a CPU build of torch its operators don't load, and its import
fails with "operator torchvision::nms does not exist", because it registers meta kernels for operators that
nobody defined. Declaring the two operators first lets the import pass, and facenet-pytorch, the only one here
who calls one of them, gets a ``batched_nms`` of ours. Where the operators load, nothing is touched.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import torch

_library: torch.library.Library | None = None  # kept alive: its definitions go when it does


def prepare() -> bool:
    """Make torchvision importable; return True if stand-ins were needed. Call before the first import."""
    global _library
    if _library is not None:
        return True
    if _operators_load():
        return False
    _library = torch.library.Library("torchvision", "DEF")
    _library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    from facenet_pytorch.models.utils import detect_face

    detect_face.batched_nms = batched_nms
    return True


def batched_nms(boxes: torch.Tensor, scores: torch.Tensor, groups: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Non-maximum suppression within each group; torchvision's contract.

    boxes: N x 4 (left, top, right, bottom); scores, groups: N. Returns the kept indices, best score first.
    """
    if boxes.numel() == 0:
        return torch.empty(0, dtype=torch.int64, device=boxes.device)
    # Groups that lie apart can't suppress one another: torchvision's own trick.
    apart = boxes + (groups.to(boxes) * (boxes.max() - boxes.min() + 1))[:, None]
    order = torch.argsort(scores, descending=True, stable=True)
    kept = _suppress(apart[order].double().numpy(force=True), iou_threshold)
    return order[torch.from_numpy(kept).to(order.device)]


def _suppress(
    boxes: np.ndarray[tuple[int, ...], np.dtype[np.float64]], iou_threshold: float
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Indices that survive, for boxes that come best first."""
    left, top, right, bottom = boxes.T
    areas = (right - left) * (bottom - top)
    waiting = np.arange(len(boxes))
    kept = []
    while waiting.size:
        best, rest = waiting[0], waiting[1:]
        kept.append(best)
        width = np.minimum(right[best], right[rest]) - np.maximum(left[best], left[rest])
        height = np.minimum(bottom[best], bottom[rest]) - np.maximum(top[best], top[rest])
        shared = np.clip(width, 0, None) * np.clip(height, 0, None)
        waiting = rest[shared <= iou_threshold * (areas[best] + areas[rest] - shared)]
    return np.array(kept, dtype=np.int64)


def _operators_load() -> bool:
    """Try to load torchvision's compiled operators without importing torchvision."""
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        return False
    for binary in sorted(Path(spec.origin).parent.glob("_C*.so")):
        try:
            torch.ops.load_library(str(binary))
        except OSError:
            return False
    return hasattr(torch.ops.torchvision, "nms")
