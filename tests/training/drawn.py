"""Seeded drawn faces in FER+'s layout: a mouth that curves up or down, and ten viewers who mostly see it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from training.datasets import SIDE, VOTE_COLUMNS, Faces
from training.formats import FERPLUS_FOLDERS


def drawn_faces(count: int, seed: int) -> Faces:
    random = np.random.default_rng(seed)
    glad = random.random(count) < 0.5
    pixels = np.stack([_draw(bool(smiles), random) for smiles in glad])
    votes = np.zeros((count, len(VOTE_COLUMNS)), dtype=np.int64)
    sure = random.integers(6, 11, count)
    votes[np.arange(count), np.where(glad, 1, 3)] = sure
    votes[:, 0] += 10 - sure
    return Faces(pixels, votes, tuple(f"fer{i:07d}.png" for i in range(count)))


def _draw(smiles: bool, random: np.random.Generator) -> npt.NDArray[np.uint8]:
    image = Image.new("L", (SIDE, SIDE), int(random.integers(90, 160)))
    pen = ImageDraw.Draw(image)
    x, y = random.integers(-3, 4, 2).tolist()
    for eye in (15, 33):
        pen.ellipse((eye + x - 2, 16 + y - 2, eye + x + 2, 16 + y + 2), fill=20)
    if smiles:
        pen.chord((12 + x, 20 + y, 36 + x, 44 + y), 10, 170, fill=240)
    else:
        pen.arc((14 + x, 32 + y, 34 + x, 52 + y), 200, 340, fill=10, width=4)
    return np.asarray(image, dtype=np.uint8)


def write_layout(faces: Faces, root: Path, split: str) -> Path:
    """Write a split as the official folders hold it; return its label file."""
    folder = root / "data" / FERPLUS_FOLDERS[split]
    folder.mkdir(parents=True)
    rows = []
    for pixels, votes, name in zip(faces.pixels, faces.votes, faces.names, strict=True):
        Image.fromarray(pixels).save(folder / name)
        rows.append(f'{name},"(0, 0, 48, 48)",{",".join(map(str, votes))}')
    label = folder / "label.csv"
    label.write_text("\n".join(rows) + "\n")
    return label
