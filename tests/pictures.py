"""Pictures for tests, made or taken from scikit-image's package."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image


@lru_cache
def astronaut() -> Image.Image:
    """Eileen Collins, who smiles: 512x512, NASA, public domain."""
    import skimage.data

    return Image.fromarray(skimage.data.astronaut())


def webcam(size: tuple[int, int] = (640, 480)) -> Image.Image:
    """The astronaut's head and shoulders as a webcam would see them."""
    return astronaut().crop((60, 0, 380, 240)).resize(size, Image.Resampling.LANCZOS)


def encode(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    shape = (height, width, 3) if mode == "RGB" else (height, width)
    return Image.fromarray(np.random.default_rng(0).integers(0, 255, shape, dtype=np.uint8))


def empty_room() -> Image.Image:
    """A picture in which nobody is."""
    import skimage.data

    return Image.fromarray(skimage.data.coffee())


BUNDLE = Path(__file__).parent.parent / "inference" / "bundles" / "moodtide"
