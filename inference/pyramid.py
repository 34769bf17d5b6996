"""A picture at many scales, laid out on as few sheets as can be, so that a network runs once over many levels."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from inference.area import Integers

# Of the first network: side of its window, and how far apart two neighbouring windows are.
WINDOW: Final = 12
STRIDE: Final = 2
# Between one level and the next; what the weights were published with.
FACTOR: Final = 0.709
# A sheet of more pixels would push what lies between the network's layers out of the processor's cache.
PIXELS: Final = 50_000
# Sides of sheets are multiples of this, so that pictures of many sizes share them: for each size that it hasn't seen
# oneDNN writes new machine code, and keeps it.
SIDE: Final = 32


@dataclass(frozen=True, slots=True)
class Level:
    """The picture at one scale, and where it lies on its sheet."""

    scale: float
    height: int
    width: int
    top: int
    left: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """``owners``: for each output of the network, which of ``levels`` it belongs to, or -1 where it straddles two.

    ``seams``: rows and columns, after the first convolution, that its pool must not mix into a level.
    """

    height: int
    width: int
    levels: tuple[Level, ...]
    owners: Integers
    seams: tuple[Integers, Integers]


@lru_cache(maxsize=64)
def sheets(height: int, width: int, smallest: int, least: float = 0, below: float = math.inf) -> tuple[Sheet, ...]:
    """The pyramid of pictures of that size, for faces from ``smallest`` pixels.

    Of its levels only those for faces of at least ``least`` and of less than ``below`` pixels.
    """
    groups: list[list[Level]] = []
    for scale in _scales(min(height, width), smallest):
        if not least <= WINDOW / scale < below:
            continue
        level = Level(scale, int(height * scale + 1), int(width * scale + 1), 0, 0)
        if not groups or _pixels([*groups[-1], level]) > PIXELS:
            groups.append([])
        groups[-1].append(level)
    return tuple(_sheet(group) for group in groups)


def _scales(side: int, smallest: int) -> Iterator[float]:
    """From the scale at which the smallest face fills a window to the one at which the shorter side does."""
    scale = WINDOW / smallest
    left = side * scale
    while left >= WINDOW:
        yield scale
        scale, left = scale * FACTOR, left * FACTOR


def _pixels(levels: list[Level]) -> int:
    return sum(level.height * level.width for level in levels)


def _sheet(levels: list[Level]) -> Sheet:
    """In columns, largest level first, each below the last one that leaves it room."""
    height = _even(levels[0].height)
    filled: list[int] = []
    lefts = [0]
    placed = []
    for level in levels:
        column = next((n for n, used in enumerate(filled) if used + level.height <= height), len(filled))
        if column == len(filled):
            filled.append(0)
            lefts.append(lefts[-1] + _even(level.width))
        placed.append(Level(level.scale, level.height, level.width, filled[column], lefts[column]))
        filled[column] += _even(level.height)
    sides = _whole(height), _whole(lefts[-1])
    return Sheet(*sides, tuple(placed), _owners(*sides, placed), _seams(placed))


def _owners(height: int, width: int, levels: list[Level]) -> Integers:
    owners = np.full((_outputs(height), _outputs(width)), -1)
    for number, level in enumerate(levels):
        top, left = level.top // STRIDE, level.left // STRIDE
        owners[top : top + _outputs(level.height), left : left + _outputs(level.width)] = number
    return owners


def _seams(levels: list[Level]) -> tuple[Integers, Integers]:
    """One row below and one column right of each level's own values; the pool takes them for its last, odd line."""
    rows, columns = [], []
    for level in levels:
        bottom, right = level.top + level.height - 2, level.left + level.width - 2
        rows += [np.full(level.width - 1, bottom), np.arange(level.top, bottom)]
        columns += [np.arange(level.left, right + 1), np.full(level.height - 2, right)]
    return np.concatenate(rows), np.concatenate(columns)


def _outputs(side: int) -> int:
    """How many outputs the first network has over so many pixels: a convolution, a pool, two more convolutions."""
    return -(-(side - 2) // 2) - 4


def _whole(side: int) -> int:
    return -(-side // SIDE) * SIDE


def _even(side: int) -> int:
    """Levels begin at even pixels, as the pool's steps do."""
    return side + side % 2
