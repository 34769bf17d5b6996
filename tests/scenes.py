"""Pictures without people, and scenes made by pasting faces into them; every one from its seed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image

SIZE = (640, 480)
WITHOUT_PEOPLE = ("coffee", "chelsea", "rocket", "hubble_deep_field", "retina", "brick", "grass", "gravel", "coins")


@lru_cache
def _source(name: str) -> Image.Image:
    import skimage.data

    return Image.fromarray(getattr(skimage.data, name)()).convert("RGB")


def room(seed: int) -> Image.Image:
    """640x480 without a face: one of scikit-image's pictures, tiled, flipped and noised."""
    random = np.random.default_rng(seed)
    tile = _source(WITHOUT_PEOPLE[random.integers(len(WITHOUT_PEOPLE))])
    tile = tile.resize([int(side * random.uniform(0.4, 1.2)) for side in tile.size])
    if random.random() < 0.5:
        tile = tile.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    picture = Image.new("RGB", SIZE)
    for left in range(0, SIZE[0], tile.width):
        for top in range(0, SIZE[1], tile.height):
            picture.paste(tile, (left, top))
    noise = random.normal(0, random.uniform(0, 12), (SIZE[1], SIZE[0], 1))
    return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))


def paste(seed: int, face: Image.Image) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """A picture of a face, 60 to 400 pixels wide, somewhere in a room; and where it is (left, top, right, bottom)."""
    random = np.random.default_rng(seed)
    side = int(np.exp(random.uniform(np.log(60), np.log(400))))
    left, top = (int(random.integers(0, whole - side + 1)) for whole in SIZE)
    scene = room(seed)
    scene.paste(face.resize((side, side), Image.Resampling.LANCZOS), (left, top))
    return scene, (left, top, left + side, top + side)
