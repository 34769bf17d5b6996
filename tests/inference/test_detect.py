"""Our cascade finds what facenet-pytorch's MTCNN finds."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageFilter

from inference.area import Integers, SummedPictures
from inference.candidates import Candidates
from inference.detect import FEWEST_PIXELS, SMALLEST_FACE, Detector
from inference.pyramid import Sheet
from inference.suppress import suppress, suppress_contained
from inference.types import Face
from tests.parity import Kept, compare_adults, compare_scenes, overlap, shift
from tests.pictures import astronaut, empty_room, noise, webcam
from tests.reference import Reference
from tests.scenes import paste, room

data = pytest.mark.skipif("MOODTIDE_DATA" not in os.environ, reason="MOODTIDE_DATA does not name the data folder")


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Threads that wait for one another are slow where other tests run beside these."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def crowd() -> Image.Image:
    """Faces of several sizes; an odd width and height, so that every pool has an edge."""
    picture = Image.new("RGB", (1001, 603), "grey")
    for number, side in enumerate((300, 211, 130, 77, 50)):
        picture.paste(webcam((side * 4 // 3, side)), (170 * number, 55 * number))
    return picture


PICTURES = {
    "webcam": webcam(),
    "portrait": astronaut(),
    "crowd": crowd(),
    "odd sides": webcam((641, 479)),
    "room": empty_room(),
    "noise": noise(640, 480),
    "black": Image.new("RGB", (640, 480)),
    "tiny": webcam((40, 33)),
    "on its side": webcam().rotate(90, expand=True),
    "half outside": webcam().crop((320, 0, 640, 480)),
    "dark": webcam().point(lambda value: value // 12),
    "blurred": webcam().filter(ImageFilter.GaussianBlur(9)),
}


def alike(ours: list[Face], theirs: list[Face]) -> bool:
    """The same faces, to a tenth of a pixel."""
    return len(ours) == len(theirs) and all(
        np.abs(np.subtract(one.box, other.box)).max() < 0.1
        and np.abs(np.subtract(one.landmarks, other.landmarks)).max() < 0.1
        and abs(one.score - other.score) < 1e-4
        for one, other in zip(ours, theirs, strict=True)
    )


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("smallest", [20, 60])
def test_it_finds_what_the_reference_finds(name: str, smallest: int) -> None:
    picture = np.asarray(PICTURES[name])
    ours = Detector(smallest / min(picture.shape[:2])).detect(picture)
    assert alike(ours, Reference(smallest).detect(picture))


def test_the_sample_holds_faces_of_many_sizes() -> None:
    assert len(Reference(20).detect(np.asarray(crowd()))) >= 4


def test_pictures_of_different_sizes_are_looked_at_together() -> None:
    detector = Detector()
    pictures = [np.asarray(picture) for picture in PICTURES.values()]
    for alone, together in zip(map(detector.detect, pictures), detector.detect_all(pictures), strict=True):
        assert alike(together, alone)
    assert detector.detect_all([]) == []


@pytest.mark.parametrize("name", PICTURES)
def test_the_largest_face_is_the_same_where_small_ones_are_not_looked_for(name: str) -> None:
    picture = np.asarray(PICTURES[name])
    (ours,) = Detector().detect_all([picture], every_face=False)
    smallest = max(FEWEST_PIXELS, round(min(picture.shape[:2]) * SMALLEST_FACE))
    assert same_largest(ours, Reference(smallest).detect(picture))


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2, 0.25, 0.4])
def test_it_is_the_same_for_every_smallest_face(share: float) -> None:
    detector = Detector(share)
    pictures = [seated(side, other) for side in (80, 120, 200, 240, 280, 340, 460) for other in (4, 60)]
    every, large_first = detector.detect_all(pictures), detector.detect_all(pictures, every_face=False)
    assert any(every)
    assert all(map(same_largest, large_first, every))


def same_largest(ours: list[Face], theirs: list[Face]) -> bool:
    """As alike as is asked of any two detectors."""
    if not ours or not theirs:
        return not ours and not theirs
    return overlap(ours[0].box, theirs[0].box) >= 0.9 and shift(ours[0], theirs[0]) <= 0.03


def seated(*sides: int) -> np.ndarray:
    """People before a grey wall, of 480 pixels, beside each other."""
    wall = Image.new("RGB", (300 * len(sides), 480), "grey")
    for number, side in enumerate(sides):
        wall.paste(webcam((side * 4 // 3, side)), (300 * number, 0))
    return np.asarray(wall)


def test_small_faces_are_looked_for_where_none_is_large() -> None:
    """In pictures that are looked at together, too."""
    detector = Detector()
    pictures = [seated(300, 100), seated(110, 100), np.asarray(empty_room()), seated(300, 100)]
    every, large_first = detector.detect_all(pictures), detector.detect_all(pictures, every_face=False)
    assert [len(faces) for faces in every] == [2, 2, 0, 2]
    assert [len(faces) for faces in large_first] == [1, 2, 0, 1]
    for shown, expected in zip(large_first, every, strict=True):
        assert alike(shown, expected[: len(shown)])


def test_no_level_is_searched_twice_and_few_where_a_face_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    detector, searched = Detector(), []
    windows = detector._windows

    def counting(summed: SummedPictures, numbers: Integers, sheet: Sheet) -> Candidates:
        searched.extend(level.scale for level in sheet.levels)
        return windows(summed, numbers, sheet)

    monkeypatch.setattr(detector, "_windows", counting)
    levels = {}
    for side in (300, 110, 0):
        picture = seated(side, 100) if side else np.asarray(empty_room())
        for every_face in (True, False):
            searched.clear()
            detector.detect_all([picture], every_face)
            assert len(searched) == len(set(searched))
            levels[side, every_face] = len(searched)
    assert levels[300, False] <= levels[300, True] - 2
    assert levels[110, False] == levels[110, True]
    assert levels[0, False] == levels[0, True]


def test_the_smallest_face_is_relative_to_the_picture() -> None:
    picture = np.asarray(crowd())
    found = [len(Detector(share).detect(picture)) for share in (0.05, 0.2, 0.4)]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1]


@pytest.mark.parametrize("seed", range(5))
def test_it_finds_a_face_pasted_into_a_room(seed: int) -> None:
    scene, _where = paste(seed, webcam((480, 480)))
    picture = np.asarray(scene)
    assert alike(Detector(20 / 480).detect(picture), Reference(20).detect(picture))


def test_rooms_hold_no_more_false_faces_than_the_reference_sees() -> None:
    rooms = [np.asarray(room(seed)) for seed in range(4)]
    ours = sum(map(len, Detector(20 / 480).detect_all(rooms)))
    assert ours <= sum(len(Reference(20).detect(picture)) for picture in rooms)


@data
def test_a_sample_of_adults_and_scenes_agrees() -> None:
    folder = Path(os.environ["MOODTIDE_DATA"])
    for tally in (compare_adults(folder, 3, Kept()) | compare_scenes(folder, 6, Kept())).values():
        row = tally.row()
        assert row["recall, ours (%)"] >= row["recall, facenet-pytorch (%)"] - 0.3
        assert row["IoU >= 0.9 (%)"] >= 98
        assert row["landmarks within 3 % (%)"] >= 98
        assert row["false faces, ours"] <= row["false faces, facenet-pytorch"]


def test_a_comparison_that_was_kept_is_not_made_again(tmp_path: Path) -> None:
    face = Face((0, 0, 100, 100), 1.0, ((10.0, 10.0),) * 5)
    file = tmp_path / "kept.jsonl"
    Kept(file).add("one", face.box, [face], [face])
    again = Kept(file)
    assert "one" in again
    assert "two" not in again
    assert again["one"].row() == {**again["one"].row(), "faces": 1, "recall, ours (%)": 100.0, "IoU >= 0.9 (%)": 100.0}
    file.write_text(file.read_text().replace(file.read_text()[:8], "01234567", 1))
    assert "one" not in Kept(file), "what another detector found says nothing about this one"


def test_the_comparison_can_tell_boxes_apart() -> None:
    landmarks = ((10.0, 10.0),) * 5
    one, other = Face((0, 0, 100, 100), 1.0, landmarks), Face((10, 0, 110, 100), 1.0, ((14.0, 13.0),) * 5)
    assert overlap(one.box, other.box) == pytest.approx(90 / 110)
    assert shift(one, other) == pytest.approx(0.05)


def test_shrinking_is_torchs_area_interpolation() -> None:
    picture = np.asarray(noise(97, 61))

    def shrunk(part: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        batch = torch.tensor(part).permute(2, 0, 1)[None].float()
        return torch.nn.functional.interpolate(batch, size, mode="area")[0].permute(1, 2, 0).numpy()

    assert np.abs(SummedPictures([picture]).shrunk(0, 23, 40)[..., :3] - shrunk(picture, (23, 40))).max() < 1e-3
    box = np.array([[5, 7, 80, 50], [90, 3, 97, 61]])
    crops = SummedPictures([picture, picture]).crops(np.array([1, 0]), box, 24)
    for crop, (left, top, right, bottom) in zip(crops, box, strict=True):
        assert np.abs(crop[..., :3] - shrunk(picture[top:bottom, left:right], (24, 24))).max() < 1e-3


def test_suppression_keeps_the_best_of_each_group() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [0, 0, 10, 10], [2, 2, 6, 6]], dtype=np.float32)
    scores, groups = np.array([0.7, 0.9, 0.8, 0.6], dtype=np.float32), np.array([0, 0, 1, 0])
    assert sorted(suppress(boxes, scores, groups, 0.5).tolist()) == [1, 2, 3]
    assert sorted(suppress_contained(boxes, scores, groups, 0.5).tolist()) == [1, 2]


def test_a_box_that_went_suppresses_nobody() -> None:
    """Each overlaps the next; the best takes the second, and so the third stays."""
    boxes = np.array([[0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10]], dtype=np.float32)
    scores, groups = np.array([0.9, 0.8, 0.7], dtype=np.float32), np.zeros(3, dtype=np.int64)
    assert sorted(suppress(boxes, scores, groups, 0.4).tolist()) == [0, 2]
    assert sorted(suppress_contained(boxes, scores, groups, 0.4).tolist()) == [0, 2]


def test_serving_never_imports_torchvision() -> None:
    code = (
        "import sys; from inference.pipeline import Pipeline; Pipeline.load().warm_up()\n"
        "print([name for name in ('torchvision', 'facenet_pytorch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_of_equal_scores_the_last_is_kept_and_a_box_holds_its_last_pixel() -> None:
    """Both as in the original: large faces often score exactly 1, and a side of 4 to 8 is five pixels long."""
    twins = np.array([[0, 0, 10, 10], [1, 1, 11, 11]], dtype=np.float32)
    assert suppress_contained(twins, np.ones(2, dtype=np.float32), np.zeros(2, dtype=np.int64), 0.5).tolist() == [1]
    neighbours = np.array([[0, 0, 4, 4], [4, 0, 8, 4]], dtype=np.float32)
    scores, groups = np.array([0.9, 0.8], dtype=np.float32), np.zeros(2, dtype=np.int64)
    assert suppress_contained(neighbours, scores, groups, 0.21).tolist() == [0, 1]
    assert suppress_contained(neighbours, scores, groups, 0.19).tolist() == [0]
