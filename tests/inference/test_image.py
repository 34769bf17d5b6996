from __future__ import annotations

import io
import math
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from inference.image import MAX_PIXELS, BadImage, decode, sanitise
from tests.pictures import encode, noise, webcam


def refusal(data: bytes) -> str:
    with pytest.raises(BadImage) as caught:
        decode(data)
    return caught.value.code


def unlike(picture: np.ndarray, image: Image.Image) -> float:
    """Mean difference in grey values."""
    return float(np.abs(picture.astype(int) - np.asarray(image, dtype=int)).mean())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_reads_each_supported_format(kind: str) -> None:
    assert unlike(decode(encode(webcam((320, 240)), kind)), webcam((320, 240))) < 6


def test_it_reads_what_phones_send() -> None:
    heic = Path(__file__).parent / "astronaut.heic"
    assert unlike(decode(heic.read_bytes()), webcam((320, 240))) < 6


def test_it_names_what_is_not_an_image() -> None:
    assert refusal(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == "not_an_image"
    assert refusal(b"") == "empty"
    assert refusal(b"\xff\xd8\xff" + b"\0" * 200) in ("not_an_image", "damaged")


def test_it_refuses_a_truncated_jpeg() -> None:
    whole = encode(webcam())
    assert refusal(whole[: len(whole) // 2]) == "damaged"


def test_it_refuses_forty_megabytes_without_decoding() -> None:
    assert refusal(encode(webcam()) + b"\0" * 40_000_000) == "too_large"


def test_it_refuses_one_pixel() -> None:
    assert refusal(encode(Image.new("RGB", (1, 1)), "PNG")) == "too_few_pixels"


def test_it_refuses_a_bomb_from_its_header_alone() -> None:
    """A PNG that claims 30000x30000 pixels in a few hundred bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 9)) + chunk(b"IEND", b"")
    )
    assert refusal(bomb) == "too_many_pixels"


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_it_refuses_moving_pictures(kind: str) -> None:
    moving = encode(noise(64, 64), kind, save_all=True, append_images=[webcam((64, 64))], duration=100)
    assert refusal(moving) == ("not_an_image" if kind == "GIF" else "animated")


def test_it_reads_cmyk() -> None:
    picture = decode(encode(webcam((320, 240)).convert("CMYK")))
    assert unlike(picture, webcam((320, 240))) < 12


def test_it_reads_sixteen_bits_without_clipping() -> None:
    ramp = np.linspace(0, 65535, 64 * 64, dtype=np.uint16).reshape(64, 64)
    picture = decode(encode(Image.fromarray(ramp), "PNG"))
    assert picture[0, 0, 0] == 0
    assert picture[-1, -1, 0] == 255
    assert abs(int(picture[32, 0, 0]) - 128) <= 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(10))
def test_it_turns_a_picture_upright(orientation: int, kind: str) -> None:
    """However the camera was held; Pillow's own turning is the reference."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(webcam((320, 240)), kind, exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert decode(data).shape == (upright.height, upright.width, 3)
    assert unlike(decode(data), upright.convert("RGB")) < 1


def test_it_reads_the_first_picture_of_a_phone_that_stores_two() -> None:
    out = io.BytesIO()
    webcam((320, 240)).save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (160, 120))])
    assert Image.open(out).format == "MPO"
    assert unlike(decode(out.getvalue()), webcam((320, 240))) < 12


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_damaged_notes_of_the_camera_never_raise_anything_else(kind: str) -> None:
    exif = Image.Exif()
    exif.update({0x0112: 6, 0x010F: "Maker", 0x011A: 72.0, 0x0132: "2026:11:22 10:00:00"})
    data = bytearray(encode(webcam((64, 48)), kind, exif=exif))
    start = data.index(b"Maker") - 140
    draw, read = np.random.default_rng(0), 0
    for _ in range(400):
        hurt = bytearray(data)
        for place in draw.integers(start, start + 160, 3):
            hurt[place] = draw.integers(256)
        try:
            assert decode(bytes(hurt)).shape[2] == 3
            read += 1
        except BadImage:
            pass
    assert read > 200


def test_it_bounds_the_size() -> None:
    assert decode(encode(noise(3000, 2000))).shape == (853, 1280, 3)


def test_a_large_jpeg_is_decoded_at_a_fraction_of_its_size() -> None:
    large = encode(webcam((1920, 1080)))
    picture = decode(large, enough=480)
    assert picture.shape == (540, 960, 3)
    assert unlike(picture, webcam((1920, 1080)).resize((960, 540), Image.Resampling.BOX)) < 2
    assert decode(large, enough=541).shape == (720, 1280, 3)
    assert decode(encode(webcam((640, 480))), enough=480).shape == (480, 640, 3)


def test_what_hides_under_transparency_stays_hidden() -> None:
    secret = webcam((64, 64)).convert("RGBA")
    secret.putalpha(0)
    assert (decode(encode(secret, "PNG")) == 255).all()


def test_sanitising_drops_all_metadata() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    clean = sanitise(encode(webcam(), exif=exif, comment=b"secret"))
    assert b"taken at home" not in clean
    assert b"secret" not in clean
    with Image.open(io.BytesIO(clean)) as image:
        assert image.format == "JPEG"
        assert not image.getexif()


def unpacked(kind: str) -> bytes:
    side = math.isqrt(MAX_PIXELS["PNG"])
    if kind == "deep":
        return encode(Image.fromarray(np.full((side, side), 30_000, np.uint16)), "PNG")
    return encode(Image.new(kind, (side, side)), "PNG")


@pytest.mark.parametrize("kind", ["RGBA", "deep", "P"])
def test_a_small_file_that_unpacks_to_the_limit_stays_within_memory(kind: str, tmp_path: Path) -> None:
    """In a process of its own, whose peak the system keeps."""
    picture = tmp_path / "bomb.png"
    picture.write_bytes(unpacked(kind))
    code = (
        "import pathlib, resource; from inference.image import sanitise\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "before = peak()\n"
        f"assert sanitise(pathlib.Path({str(picture)!r}).read_bytes())\n"
        "print(peak() - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 350  # MB; 25 million pixels are 100 MB with their alpha


def test_a_pixel_over_the_limit_is_refused() -> None:
    side = math.isqrt(MAX_PIXELS["PNG"]) + 1
    with pytest.raises(BadImage) as refused:
        decode(encode(Image.new("L", (side, side)), "PNG"))
    assert refused.value.code == "too_many_pixels"
