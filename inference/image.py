"""Hostile bytes -> an upright RGB picture of bounded size, and back to clean JPEG bytes."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

import numpy as np
import numpy.typing as npt
import pi_heif
from PIL import Image, UnidentifiedImageError

# HEIC is what phones send; the decoder-only build is enough.
pi_heif.register_heif_opener(thumbnails=False)

# Once for the process, since filters that are set for a while are set for every thread: damaged metadata, which is
# thrown away anyway, and many pixels, for which _check_header is stricter.
warnings.filterwarnings("ignore", category=UserWarning, module=r"(PIL|pi_heif)\.")
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)

Picture = npt.NDArray[np.uint8]
"""Height x width x 3, RGB, upright."""

SUPPORTED: Final = ("JPEG", "PNG", "WEBP", "HEIF")
MAX_BYTES: Final = 15 * 1024 * 1024
# What a picture costs to open: a JPEG is shrunk while it is decoded, the others are unpacked whole. Pillow calls a JPEG
# MPO that holds a second picture, as many phones write it; the first is the photo.
MAX_PIXELS: Final = {
    "JPEG": 60_000_000,
    "MPO": 60_000_000,
    "HEIF": 50_000_000,
    "PNG": 25_000_000,
    "WEBP": 25_000_000,
}
# Two pictures above this size are never unpacked at once: many hands must not use up a small machine's memory.
LARGE: Final = 4_000_000
MIN_SIDE: Final = 32
# What turns a picture upright, by the orientation that its camera noted (EXIF 2.32, 4.6.4).
ORIENTATION: Final = 0x0112
UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# A webcam face fills a good part of the picture, so more pixels than this only cost time.
MAX_SIDE: Final = 1280


_one_large_at_a_time = threading.Lock()


class BadImage(ValueError):
    """The bytes are not a picture that can be read; ``code`` names the reason for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def decode(data: bytes, max_side: int = MAX_SIDE, enough: int = MAX_SIDE) -> Picture:
    """Decode untrusted bytes into an upright RGB picture whose longer side is at most ``max_side`` pixels.

    A JPEG comes at a half, a quarter or an eighth of its size where its shorter side keeps ``enough`` pixels.
    Raises ``BadImage`` for anything that is not one whole, still JPEG, PNG, WebP or HEIC picture of sane size.
    """
    return np.asarray(_open(data, max_side, enough))


def sanitise(data: bytes, max_side: int = MAX_SIDE, quality: int = 92) -> bytes:
    """Re-encode untrusted bytes as a JPEG that carries no metadata. Raises ``BadImage`` as ``decode`` does."""
    out = io.BytesIO()
    # Through bare pixels: Pillow would carry comments and colour profiles over into the new file.
    Image.fromarray(decode(data, max_side)).save(out, "JPEG", quality=quality, subsampling=0)
    return out.getvalue()


def _open(data: bytes, max_side: int, enough: int) -> Image.Image:
    if not data:
        raise BadImage("empty", "The file is empty.")
    if len(data) > MAX_BYTES:
        raise BadImage("too_large", f"The file is larger than {MAX_BYTES // 2**20} MB.")
    with _as_bad_image(), Image.open(io.BytesIO(data), formats=SUPPORTED) as image:
        _check_header(image)
        with _one_large_at_a_time if image.width * image.height > LARGE else nullcontext():
            # JPEG decodes at a half, a quarter or an eighth of its size for less than the price of the whole.
            image.draft("RGB", (min(enough, max_side), min(enough, max_side)))
            turn = _turn(image)
            rgb = _as_rgb(_bounded(_shallow(image), max_side))
            return rgb if turn is None else rgb.transpose(turn)


def _turn(image: Image.Image) -> Image.Transpose | None:
    """What turns a picture upright. One tag is read; ``ImageOps.exif_transpose`` stumbles over others that are odd."""
    try:
        return UPRIGHT.get(image.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001  Pillow lets almost any kind out of damaged notes, without which a picture is fine
        return None


@contextmanager
def _as_bad_image() -> Iterator[None]:
    """Turn each way in which Pillow refuses a picture into a sentence."""
    try:
        yield
    except BadImage:
        raise
    except UnidentifiedImageError as error:
        raise BadImage("not_an_image", "This is not a JPEG, PNG, WebP or HEIC picture.") from error
    except Image.DecompressionBombError as error:
        raise BadImage("too_many_pixels", "The picture has too many pixels.") from error
    except Exception as error:  # Pillow's readers let almost any kind out of damaged bytes
        raise BadImage("damaged", "The picture is damaged or incomplete.") from error


def _check_header(image: Image.Image) -> None:
    width, height = image.size
    limit = MAX_PIXELS[image.format or ""]
    if width * height > limit:
        raise BadImage("too_many_pixels", f"The picture has more than {limit // 1_000_000} million pixels.")
    if min(width, height) < MIN_SIDE:
        raise BadImage("too_few_pixels", f"The picture is smaller than {MIN_SIDE} pixels on a side.")
    # HEIC counts a burst or a depth map as frames; only formats that animate are refused for it.
    if image.format in ("PNG", "WEBP") and getattr(image, "n_frames", 1) > 1:
        raise BadImage("animated", "Moving pictures can't be read; a still one can.")


def _shallow(image: Image.Image) -> Image.Image:
    """Any mode -> one that can be made smaller smoothly: 8 bits a channel, no palette."""
    if image.mode.startswith(("I", "F")):
        return _from_deep_grey(image)
    if image.mode == "LA" or image.mode.startswith("P") or "transparency" in image.info:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "RGBA", "CMYK") else image.convert("RGB")


def _from_deep_grey(image: Image.Image) -> Image.Image:
    """16-bit grey -> 8-bit; Pillow's own conversion clips everything above 255 to white."""
    deep = np.asarray(image)
    scale = 256 if deep.max(initial=0) > 255 else 1
    return Image.fromarray(np.clip(deep // scale, 0, 255).astype(np.uint8))


def _bounded(image: Image.Image, max_side: int) -> Image.Image:
    """The picture, made smaller before anything else is done to it, so that the rest is cheap."""
    image.thumbnail((max_side, max_side), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return image


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGBA":
        # Whatever hides under full transparency was never meant to be seen.
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB")
