from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from inference import live
from inference.align import align
from inference.detect import Detector
from tests.pictures import empty_room, webcam
from training import capture as module
from training.__main__ import main
from training.capture import SIZE, crop_shape
from training.captured import assign, groups
from training.likeness import distances, perceptual_hash


def faces(count: int) -> list[Image.Image]:
    """The astronaut with a bar of light that wanders over her face: the same person, seen differently."""
    seen = []
    for number in range(count):
        image = webcam()
        x = 250 + 40 * number
        ImageDraw.Draw(image).rectangle((x, 60, x + 20, 330), fill=(250, 240, 230) if number % 2 else (30, 20, 20))
        seen.append(image)
    return seen


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """Three faces to keep; one repeated, one blurred, an empty room and a file that is no picture to refuse."""
    folder = tmp_path / "photographs"
    folder.mkdir()
    kept = faces(3)
    refused = [kept[0], kept[1].filter(ImageFilter.GaussianBlur(14)), empty_room()]
    for number, image in enumerate([*kept, *refused]):
        image.save(folder / f"{number}.png")
    (folder / "6.jpg").write_bytes(b"no picture")
    return folder


def capture(out: Path, *more: str, label: str = "happy", count: int = 3) -> int:
    given = ["--label", label, "--count", str(count), "--out", str(out), "--threads", "1"]
    return main(["capture", *given, *more])


def test_it_keeps_aligned_crops_and_says_what_it_refused(
    photographs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert capture(tmp_path / "out", "--images", str(photographs), "--no-window", count=10) == 1
    printed = capsys.readouterr().out
    assert "3 of 10 crops of happiness; refused: 1 bad image, 1 blurred, 1 no face, 1 repeated" in printed
    kept = sorted((tmp_path / "out" / "happiness").iterdir())
    assert [path.stem.rpartition("-")[0] for path in kept] == ["0", "1", "2"]
    picture = np.asarray(webcam_with_bar(photographs))
    expected = align(picture, Detector().detect(picture)[0], crop_shape())
    with Image.open(kept[0]) as image:
        assert (image.mode, image.size) == ("L", (SIZE, SIZE))
        assert (np.asarray(image) == expected).all()


def webcam_with_bar(folder: Path) -> Image.Image:
    with Image.open(folder / "0.png") as image:
        return image.convert("RGB")


def test_it_stops_at_the_count_and_goes_on_later(photographs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert capture(out, "--images", str(photographs), "--no-window", count=1) == 0
    [first] = (out / "happiness").iterdir()
    before = first.stat().st_mtime_ns
    assert capture(out, "--images", str(photographs), "--no-window", count=3) == 0
    assert len(list((out / "happiness").iterdir())) == 3
    assert first.stat().st_mtime_ns == before


def test_a_film_is_captured_and_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    film = film_of(faces(3), tmp_path / "film.avi")
    shown = []
    monkeypatch.setattr(module, "has_screen", lambda: True)
    monkeypatch.setattr(live.cv2, "imshow", lambda title, drawn: shown.append((title, drawn.shape)))
    monkeypatch.setattr(live.cv2, "waitKey", lambda _: -1)
    monkeypatch.setattr(live.cv2, "getWindowProperty", lambda *_: 1.0)
    assert capture(tmp_path / "out", "--video", str(film), label="neutral") == 0
    kept = sorted((tmp_path / "out" / "neutral").iterdir())
    assert [path.stem.rpartition("-")[0] for path in kept] == [f"film-{n:06d}" for n in range(3)]
    assert shown == [("Capture (q quits)", (480, 640, 3))] * 3
    assert "3 of 3" in capsys.readouterr().out


def test_two_films_of_one_name_are_both_kept(tmp_path: Path) -> None:
    for day, images in (("monday", faces(1)), ("tuesday", faces(2)[1:])):
        (tmp_path / day).mkdir()
        film = film_of(images, tmp_path / day / "film.avi")
        capture(tmp_path / "out", "--video", str(film), "--no-window", label="neutral")
    assert len(list((tmp_path / "out" / "neutral").iterdir())) == 2


def film_of(images: list[Image.Image], path: Path) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 15.0, images[0].size)
    for image in images:
        writer.write(np.ascontiguousarray(np.asarray(image)[..., ::-1]))
    writer.release()
    return path


def test_q_stops_it(photographs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "has_screen", lambda: True)
    monkeypatch.setattr(live.cv2, "imshow", lambda *_: None)
    monkeypatch.setattr(live.cv2, "waitKey", lambda _: ord("q"))
    assert capture(tmp_path / "out", "--images", str(photographs)) == 1
    assert len(list((tmp_path / "out" / "happiness").iterdir())) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only here can a test take the screen away")
def test_without_a_screen_it_goes_on_without_a_window(
    photographs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert capture(tmp_path / "out", "--images", str(photographs)) == 0
    assert capsys.readouterr().out.count("capturing without one") == 1


def test_what_cannot_be_used_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert capture(tmp_path / "out", "--video", str(tmp_path / "none.mp4"), "--no-window") == 2
    assert "Can't open the film" in capsys.readouterr().err
    assert capture(tmp_path / "out", "--images", str(tmp_path), "--no-window") == 2
    assert "holds no photographs" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        capture(tmp_path / "out", label="hungry")
    assert "'hungry' is not one of neutral" in capsys.readouterr().err


def crops(folder: Path, label: str, people: int, each: int, seed: int) -> None:
    """Crops of ``people`` very different pictures, each a few times with a little noise: near-duplicates."""
    random = np.random.default_rng(seed)
    (folder / label).mkdir(parents=True)
    for person in range(people):
        coarse = random.integers(0, 255, (6, 6), dtype=np.uint8)
        face = cv2.resize(coarse, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC).astype(float)
        for number in range(each):
            noisy = np.clip(face * random.uniform(0.8, 1) + random.normal(0, 4, face.shape), 0, 255)
            Image.fromarray(noisy.astype(np.uint8)).save(folder / label / f"{person}-{number}.png")


def test_captures_become_a_stratified_set_without_near_duplicates_across(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crops(tmp_path / "in", "happiness", people=20, each=4, seed=1)
    crops(tmp_path / "in", "anger", people=10, each=4, seed=2)
    given = ["dataset", "--captures", str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    assert main(given) == 0
    assert "30 groups of near-duplicates" in capsys.readouterr().out
    people: dict[str, set[tuple[str, str]]] = {}
    for split, share in (("train", 0.7), ("valid", 0.15), ("test", 0.15)):
        for label, total in (("happiness", 80), ("anger", 40)):
            paths = list((tmp_path / "out" / split / label).iterdir())
            assert abs(len(paths) - share * total) <= 4
            people.setdefault(split, set()).update((label, path.name.split("-")[0]) for path in paths)
    assert not people["train"] & people["valid"]
    assert not people["test"] & (people["train"] | people["valid"])

    assert main(["inspect", "--data", str(tmp_path / "out"), "--plot", str(tmp_path / "plot.png")]) == 0
    assert (tmp_path / "plot.png").stat().st_size > 1000
    rows = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert sum(map(float, rows["together"])) == 120
    assert sum(map(float, rows["anger"])) == 40
    assert main(given) == 2
    assert "is not empty" in capsys.readouterr().err


def test_crops_that_all_look_alike_stay_together_and_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crops(tmp_path / "in", "fear", people=1, each=8, seed=3)
    assert main(["dataset", "--captures", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 0
    assert len(list((tmp_path / "out" / "train" / "fear").iterdir())) == 8
    assert "All crops of fear look too alike to have any in valid and test" in capsys.readouterr().out


def test_what_is_no_capture_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["dataset", "--captures", str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    assert main(given) == 2
    assert "holds no captures" in capsys.readouterr().err
    (tmp_path / "in" / "hungry").mkdir(parents=True)
    assert main(given) == 2
    assert "'hungry' is not an emotion" in capsys.readouterr().err


def test_near_duplicates_of_near_duplicates_share_a_group() -> None:
    chain = np.array([0, 0xFF, 0xFFFF, 0xFFFFFFFFFFFFFFFF], dtype=np.uint64)
    found = groups(chain)
    assert found[0] == found[1] == found[2]
    assert found[3] != found[0]


def test_a_group_with_two_labels_is_not_torn() -> None:
    split = assign(["anger", "fear", "anger", "fear"], np.array([0, 0, 1, 2]), {"train": 0.5, "test": 0.5}, seed=0)
    assert split[0] == split[1]
    assert {split[2], split[3]} == {"train", "test"} - {split[0]}


def test_the_hash_forgets_light_and_size_but_not_what_is_seen() -> None:
    grey = np.asarray(webcam().convert("L"))
    darker = np.asarray(webcam((320, 240)).convert("L")) // 2
    other = np.asarray(empty_room().convert("L"))
    assert distances(perceptual_hash(grey), np.array([perceptual_hash(darker)]))[0] <= 4
    assert distances(perceptual_hash(grey), np.array([perceptual_hash(other)]))[0] > 16
