"""The first picture that a new version reads: a drawn face that belongs to nobody."""

from __future__ import annotations

import io
import math
from typing import Any, Final

from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFilter

from inference.types import Analysis

WIDTH, HEIGHT, FINE = 320, 240, 4  # drawn so many times finer, then made smaller: no jagged edges
SKIN, SHADE, HAIR, LIPS, WHITE, DARK = (
    (222, 172, 144), (190, 136, 110), (74, 50, 38), (160, 60, 58), (250, 248, 244), (60, 40, 30),
)  # fmt: skip
Colour = tuple[int, int, int]
# (centre x, centre y, half width, half height, colour), from the back to the front.
BEHIND: Final = (
    (160, 285, 105, 85, (60, 92, 110)), (160, 108, 62, 78, HAIR), (160, 195, 20, 28, SHADE),
    (160, 122, 49, 64, SKIN), (160, 66, 52, 26, HAIR), (128, 145, 9, 6, (226, 160, 136)),
    (192, 145, 9, 6, (226, 160, 136)),
)  # fmt: skip
NOSE: Final = ((154, 141, 2.5, 1.8, (120, 74, 60)), (166, 141, 2.5, 1.8, (120, 74, 60)))


def drawn_face() -> bytes:
    """A smiling face, 640 x 480, as JPEG."""
    image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), (196, 208, 212))
    pen = ImageDraw.Draw(image)
    for shape in (*BEHIND, *NOSE):
        _ellipse(pen, *shape)
    for x in (140, 180):
        _eye(pen, x)
    pen.line(_fine(158, 112, 154, 138), fill=SHADE, width=2 * FINE)
    pen.chord(_fine(137, 138, 183, 176), 20, 160, fill=LIPS)
    pen.chord(_fine(142, 144, 178, 169), 25, 155, fill=WHITE)
    soft = image.filter(ImageFilter.GaussianBlur(1.2 * FINE)).resize((640, 480), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    soft.save(out, "JPEG", quality=90)
    return out.getvalue()


def verdict(analysis: Analysis, milliseconds: float) -> dict[str, Any]:
    """What came of the drawn face, to be kept. Raises ``ValueError`` with the reason that the version can't be used."""
    face = next((face for face in analysis.faces if face.mixture), None)
    if face is None or face.mixture is None:
        raise ValueError(_("It read nothing on a drawn face that every version should read something on."))
    intensities = face.mixture.by_name()
    if not all(math.isfinite(value) for value in intensities.values()) or sum(intensities.values()) > 1.001:
        raise ValueError(_("What it read on a drawn face are no shares of viewers."))
    return {
        "milliseconds": round(milliseconds, 1),
        "intensities": {name: round(value, 4) for name, value in intensities.items()},
    }


def _eye(pen: ImageDraw.ImageDraw, x: int) -> None:
    _ellipse(pen, x, 112, 10, 5.5, WHITE)
    _ellipse(pen, x, 112, 5, 5, DARK)
    _ellipse(pen, x - 1.5, 110.5, 1.4, 1.4, (255, 255, 255))
    pen.arc(_fine(x - 13, 94, x + 13, 114), 205, 335, fill=HAIR, width=4 * FINE)
    pen.arc(_fine(x - 11, 105, x + 11, 121), 190, 350, fill=(90, 60, 48), width=2 * FINE)


def _ellipse(pen: ImageDraw.ImageDraw, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
    pen.ellipse(_fine(x - wide, y - high, x + wide, y + high), fill=colour)


def _fine(*numbers: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = (number * FINE for number in numbers)
    return left, top, right, bottom
