"""A webcam window: box, emotions and an emoji over each face; q quits."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from inference.emotions import EMOJI, EMOTIONS
from inference.image import Picture
from inference.pipeline import Pipeline
from inference.types import Analysis, FaceReading

TITLE: Final = "Moodtide (q quits)"
LINE: Final = (196, 226, 110)  # BGR
INK: Final = (255, 255, 255)


class CannotOpen(RuntimeError):
    """No camera, film, file to write or screen; the sentence says which."""


def run(pipeline: Pipeline, source: int | str, save: Path | None, window: bool = True) -> int:
    """Show (and save) what is read from a camera number or a film until its end or q; return the pictures shown.

    Raises ``CannotOpen``.
    """
    if window and not has_screen():
        raise CannotOpen(
            "There is no screen here to open a window on, or opencv-python is its headless twin. "
            "With --no-window --save FILE the film is written instead."
        )
    shown = 0
    with opened(source) as capture, _writer(save, capture) as writer:
        for frame in frames(capture):
            picture = np.ascontiguousarray(frame[..., ::-1])
            drawn = annotate(frame, pipeline.analyse_picture(picture, every_face=True))
            shown += 1
            if writer is not None:
                writer.write(drawn)
            if window and not show(drawn):
                break
    return shown


def annotate(frame: Picture, analysis: Analysis) -> Picture:
    """A copy of a BGR picture with every face's box, emoji and intensities drawn in."""
    drawn = frame.copy()
    for reading in analysis.faces:
        _box(drawn, reading)
        if reading.mixture is not None:
            _emoji(drawn, reading)
            _bars(drawn, reading)
    return drawn


def _box(drawn: Picture, reading: FaceReading) -> None:
    left, top, right, bottom = (int(side) for side in reading.face.box)
    cv2.rectangle(drawn, (left, top), (right, bottom), LINE, 2, cv2.LINE_AA)


def _bars(drawn: Picture, reading: FaceReading) -> None:
    """All eight intensities beside the face, on whichever side has room."""
    assert reading.mixture is not None
    left, top, right, _bottom = (int(side) for side in reading.face.box)
    x = right + 8 if right + 158 <= drawn.shape[1] else max(left - 158, 0)
    y = max(min(top, drawn.shape[0] - 8 * 16 - 4), 0)
    area = drawn[y : y + 8 * 16 + 4, x : x + 150]
    area[:] = area // 3
    for row, name in enumerate(EMOTIONS):
        value, line = reading.mixture.by_name()[name], y + row * 16 + 12
        colour = LINE if name in reading.mixture.present else (150, 150, 150)
        cv2.rectangle(drawn, (x + 76, line - 8), (x + 76 + round(70 * value), line), colour, -1)
        cv2.putText(drawn, name, (x + 4, line), cv2.FONT_HERSHEY_SIMPLEX, 0.4, INK, 1, cv2.LINE_AA)


def _emoji(drawn: Picture, reading: FaceReading) -> None:
    """The strongest present emotion above the face, a third of its width."""
    assert reading.mixture is not None
    present = [(v, n) for n, v in reading.mixture.by_name().items() if n in reading.mixture.present]
    if not present:
        return
    left, top, right, _bottom = (int(side) for side in reading.face.box)
    size = max((right - left) // 3, 24)
    sticker = _sticker(max(present)[1], size)
    x, y = (left + right - size) // 2, top - size - 4
    x, y = min(max(x, 0), drawn.shape[1] - size), max(y, 0)
    area = drawn[y : y + size, x : x + size]
    sticker = sticker[: area.shape[0], : area.shape[1]]
    alpha = sticker[..., 3:] / 255.0
    area[:] = (sticker[..., :3] * alpha + area * (1 - alpha)).astype(np.uint8)


@lru_cache(maxsize=64)
def _sticker(emotion: str, size: int) -> npt.NDArray[np.uint8]:
    """A BGRA emoji: from a colour font where the machine has one, otherwise a plain drawn face."""
    font = _colour_font()
    if font is None:
        return _drawn_face(emotion, size)
    image = Image.new("RGBA", (136, 136))
    ImageDraw.Draw(image).text((0, 0), EMOJI[emotion], font=font, embedded_color=True)
    small = image.resize((size, size), Image.Resampling.LANCZOS)
    return np.ascontiguousarray(np.asarray(small)[..., [2, 1, 0, 3]])


@lru_cache(maxsize=1)
def _colour_font() -> ImageFont.FreeTypeFont | None:
    try:
        # Noto's emoji are bitmaps of one size.
        return ImageFont.truetype("NotoColorEmoji.ttf", 109)
    except OSError:
        return None


# Mouth as (curve, openness) and brows as a slope: enough to tell the eight apart.
FEATURES: Final = {
    "neutral": (0.0, 0.0, 0.0),
    "happiness": (1.0, 0.0, 0.0),
    "surprise": (0.0, 1.0, 0.6),
    "sadness": (-1.0, 0.0, 0.6),
    "anger": (-0.7, 0.0, -0.8),
    "disgust": (-0.6, 0.4, -0.4),
    "fear": (-0.4, 0.7, 0.8),
    "contempt": (0.5, 0.0, -0.3),
}


def _drawn_face(emotion: str, size: int) -> npt.NDArray[np.uint8]:
    curve, openness, brow = FEATURES[emotion]
    face = np.zeros((128, 128, 4), dtype=np.uint8)
    ink = (40, 60, 90, 255)
    cv2.circle(face, (64, 64), 60, (90, 205, 255, 255), -1, cv2.LINE_AA)
    for side in (-1, 1):
        cv2.circle(face, (64 + side * 22, 54), 7, ink, -1, cv2.LINE_AA)
        outer, inner = (64 + side * 34, round(36 + 6 * brow)), (64 + side * 12, round(36 - 6 * brow))
        cv2.line(face, outer, inner, ink, 5, cv2.LINE_AA)
    if openness:
        cv2.ellipse(face, (64, 90), (13, round(6 + 10 * openness)), 0, 0, 360, ink, -1, cv2.LINE_AA)
    else:
        xs = np.linspace(-26, 26, 21)
        ys = 88 + curve * (8 - 16 * (xs / 26) ** 2)
        points = np.stack([64 + xs, ys], axis=1).round().astype(np.int32)
        cv2.polylines(face, [points], False, ink, 6, cv2.LINE_AA)
    return np.asarray(cv2.resize(face, (size, size), interpolation=cv2.INTER_AREA), dtype=np.uint8)


@contextmanager
def opened(source: int | str) -> Iterator[cv2.VideoCapture]:
    """A camera's number or a film's path, opened and released again. Raises ``CannotOpen``."""
    capture = cv2.VideoCapture(source)
    try:
        if not capture.isOpened():
            what = f"camera {source}" if isinstance(source, int) else f"the film {source}"
            raise CannotOpen(f"Can't open {what}. Is it there, and does no other program use it?")
        yield capture
    finally:
        capture.release()


@contextmanager
def _writer(save: Path | None, capture: cv2.VideoCapture) -> Iterator[cv2.VideoWriter | None]:
    if save is None:
        yield None
        return
    size = (int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)), int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)))
    codec = cv2.VideoWriter.fourcc(*("MJPG" if save.suffix.lower() == ".avi" else "mp4v"))
    writer = cv2.VideoWriter(str(save), codec, capture.get(cv2.CAP_PROP_FPS) or 15.0, size)
    try:
        if not writer.isOpened():
            raise CannotOpen(f"Can't write {save}. An .mp4 or .avi file in a folder that exists will do.")
        yield writer
    finally:
        writer.release()


def frames(capture: cv2.VideoCapture) -> Iterator[Picture]:
    """BGR pictures until the end."""
    while True:
        there, frame = capture.read()
        if not there:
            return
        yield np.asarray(frame, dtype=np.uint8)


def has_screen() -> bool:
    """Can a window open here? Tried in another process, because without a screen OpenCV's Qt ends its own."""
    trial = "import cv2; cv2.namedWindow('trial'); cv2.destroyAllWindows()"
    return subprocess.run([sys.executable, "-c", trial], capture_output=True, check=False).returncode == 0  # noqa: S603


def show(drawn: Picture, title: str = TITLE) -> bool:
    """Draw the window; False once q was pressed or the window was closed. Raises ``CannotOpen`` without a screen."""
    try:
        cv2.imshow(title, drawn)
        return cv2.waitKey(1) & 0xFF != ord("q") and cv2.getWindowProperty(title, cv2.WND_PROP_VISIBLE) >= 1
    except cv2.error as error:
        raise CannotOpen("The window needs a screen, and opencv-python rather than its headless twin.") from error
