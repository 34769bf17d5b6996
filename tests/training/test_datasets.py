from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inference.emotions import EMOTIONS
from tests.training.drawn import drawn_faces, write_layout
from training.datasets import DataError, load, splits_of, vote_shares
from training.formats import title

FER2013_ORDER = ["anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral"]


@pytest.fixture
def label(tmp_path: Path) -> Path:
    return write_layout(drawn_faces(5, seed=1), tmp_path / "fer", "train")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """FER2013's own format: seven training faces, one of each class in its order, and two of the public test."""
    pixels = drawn_faces(9, seed=4).pixels.reshape(9, -1)
    rows = [f"{i % 7},{' '.join(map(str, p))},{'Training' if i < 7 else 'PublicTest'}" for i, p in enumerate(pixels)]
    return lines(tmp_path / "fer2013.csv", ["emotion,pixels,Usage", *rows])


@pytest.fixture
def votes(tmp_path: Path) -> Path:
    """FER+'s votes for ``table``; of the third face nobody could say anything, so it has no name."""
    rows = [f"{'Training' if i < 7 else 'PublicTest'},{_name(i)},{i},{10 - i},0,0,0,0,0,0,0,0" for i in range(9)]
    head = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
    return lines(tmp_path / "fer2013new.csv", [head, *rows])


def _name(row: int) -> str:
    return "" if row == 2 else f"fer{row:07d}.png"


def lines(path: Path, rows: Sequence[str]) -> Path:
    path.write_text("\n".join(rows) + "\n")
    return path


def error(path: Path, split: str = "train", votes: Path | None = None) -> str:
    with pytest.raises(DataError) as caught:
        load(path, split, votes=votes)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_folder_and_its_zip_read_alike(label: Path, tmp_path: Path) -> None:
    folder = load(tmp_path / "fer", "train")
    archive = shutil.make_archive(str(tmp_path / "fer"), "zip", tmp_path / "fer")
    zipped = load(Path(archive), "train")
    expected = drawn_faces(5, seed=1)
    for faces in (folder, zipped):
        assert (faces.pixels == expected.pixels).all()
        assert (faces.votes == expected.votes).all()
        assert faces.names == expected.names


def test_the_cache_is_mapped_and_needs_no_picture_twice(label: Path, tmp_path: Path) -> None:
    first = load(tmp_path / "fer", "train", tmp_path / "cache")
    for picture in label.parent.glob("*.png"):
        picture.unlink()
    again = load(tmp_path / "fer", "train", tmp_path / "cache")
    assert isinstance(again.pixels, np.memmap)
    assert (first.pixels == again.pixels).all()
    assert first.names == again.names


def test_the_cache_forgets_what_has_changed_or_was_cut_off(label: Path, tmp_path: Path) -> None:
    load(tmp_path / "fer", "train", tmp_path / "cache")
    next((tmp_path / "cache").rglob("names.npy")).unlink()
    assert len(load(tmp_path / "fer", "train", tmp_path / "cache")) == 5
    lines(label, label.read_text().splitlines()[:3])
    assert len(load(tmp_path / "fer", "train", tmp_path / "cache")) == 3


def test_a_missing_split_is_named(label: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no test split"):
        load(tmp_path / "fer", "test")
    assert list(splits_of(tmp_path / "fer")) == ["train"]


def test_a_split_that_cannot_be_read_is_not_taken_for_a_missing_one(label: Path, tmp_path: Path) -> None:
    lines(label, ["a,b,c"])
    with pytest.raises(DataError, match="row 1"):
        splits_of(tmp_path / "fer")


def test_what_is_neither_folder_nor_zip_is_named(tmp_path: Path) -> None:
    assert "neither" in error(tmp_path / "nothing")
    assert "is missing" in error(tmp_path / "nothing.csv")
    assert "there is no train split" in error(tmp_path)


def test_a_bad_row_is_named_by_its_number(label: Path, tmp_path: Path) -> None:
    good = label.read_text().splitlines()
    for bad, words in [
        ("a,b,c", "3 columns"),
        (good[2].replace(",0", ",x"), "whole number"),
        (good[2].replace(",0", ",-1"), "negative"),
    ]:
        lines(label, [*good[:2], bad, *good[3:]])
        said = error(tmp_path / "fer")
        assert "row 3" in said
        assert words in said


def test_a_missing_or_odd_picture_is_named(label: Path, tmp_path: Path) -> None:
    picture = label.parent / "fer0000001.png"
    Image.new("L", (40, 48)).save(picture)
    assert "fer0000001.png (row 2) is 40x48" in error(tmp_path / "fer")
    picture.write_bytes(b"no picture")
    assert "fer0000001.png (row 2) is not a picture" in error(tmp_path / "fer")
    picture.unlink()
    assert "fer0000001.png (row 2) is missing" in error(tmp_path / "fer")


def test_fer2013_alone_gives_its_seven_classes_in_its_own_order(table: Path) -> None:
    faces = load(table, "train")
    assert (faces.pixels == drawn_faces(9, seed=4).pixels[:7]).all()
    assert [EMOTIONS[i] for i in faces.votes.argmax(axis=1)] == FER2013_ORDER
    assert (vote_shares(faces.votes).max(axis=1) == 1).all()
    assert load(table, "valid").names == ("fer0000007.png", "fer0000008.png")


def test_data_is_called_what_it_is(label: Path, table: Path, votes: Path, tmp_path: Path) -> None:
    assert title(tmp_path / "fer") == "FER+"
    assert title(table) == "FER2013"
    assert title(table, votes) == "FER2013 with FER+ votes"
    (tmp_path / "mine").mkdir()
    assert title(tmp_path / "mine") == "mine"


def test_fer2013_takes_its_votes_from_fer_plus_and_leaves_out_what_is_no_face(table: Path, votes: Path) -> None:
    faces = load(table, "train", votes=votes)
    assert faces.names == tuple(_name(i) for i in (0, 1, 3, 4, 5, 6))
    assert faces.votes[:, :2].tolist() == [[i, 10 - i] for i in (0, 1, 3, 4, 5, 6)]
    assert (faces.pixels[2] == drawn_faces(9, seed=4).pixels[3]).all()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("3,", "7,", "row 5: the emotion is '7'"),
        ("3,", "happy,", "row 5: the emotion is 'happy'"),
        ("Training", "Practice", "row 5: the usage is 'Practice'"),
        (",Training", "", "row 5: not 3 columns"),
        (" ", " 5 ", "row 5: 2305 pixels instead of 2304"),
        (" ", " 500", "row 5: a pixel lies outside"),
        (" ", " x", "row 5: a pixel is not a whole number"),
    ],
)
def test_a_bad_row_of_fer2013_is_named_by_its_number(table: Path, old: str, new: str, words: str) -> None:
    rows = table.read_text().splitlines()
    rows[4] = rows[4].replace(old, new, 1)
    assert words in error(lines(table, rows))


def test_a_wrong_column_is_named(table: Path, votes: Path) -> None:
    lines(votes, [votes.read_text().replace("contempt", "scorn").rstrip()])
    assert "the column 'contempt' is missing" in error(table, votes=votes)
    lines(table, [table.read_text().replace("pixels", "picture").rstrip()])
    assert "the column 'pixels' is missing" in error(table)


def test_votes_that_do_not_match_are_named_by_their_row(table: Path, votes: Path) -> None:
    good = votes.read_text().splitlines()
    lines(votes, good[:-1])
    assert "row 10 is the first that only one of them has" in error(table, votes=votes)
    lines(votes, [*good[:3], good[3].replace("Training", "PublicTest"), *good[4:]])
    assert "fer2013new.csv, row 4: the usage is 'PublicTest'" in error(table, votes=votes)
    lines(votes, [*good[:3], good[3].replace(",0", ",many", 1), *good[4:]])
    assert "fer2013new.csv, row 4: a vote is not a whole number" in error(table, votes=votes)


def test_a_folder_a_class_is_read_by_the_classes_usual_names(tmp_path: Path) -> None:
    for number, (folder, name) in enumerate([("train", "angry"), ("train", "Happy"), ("validation", "sad")]):
        (tmp_path / folder / name).mkdir(parents=True)
        Image.new("RGB", (100, 80), (number * 80, 0, 0)).save(tmp_path / folder / name / "a.jpg")
    (tmp_path / "train" / "readme.txt").write_text("not a picture")
    faces = load(tmp_path, "train")
    assert faces.names == ("train/Happy/a.jpg", "train/angry/a.jpg")
    assert [EMOTIONS[i] for i in faces.votes.argmax(axis=1)] == ["happiness", "anger"]
    assert faces.pixels.shape == (2, 48, 48)
    assert load(tmp_path, "train", side=96).pixels.shape == (2, 96, 96)
    assert len(load(tmp_path, "valid")) == 1


def test_a_folder_that_names_no_emotion_and_a_broken_picture_are_named(tmp_path: Path) -> None:
    (tmp_path / "train" / "happy").mkdir(parents=True)
    (tmp_path / "train" / "happy" / "a.jpg").write_bytes(b"no picture")
    assert "train/happy/a.jpg (row 1) is not a picture" in error(tmp_path)
    (tmp_path / "train" / "happy").rename(tmp_path / "train" / "hungry")
    assert "the folder 'hungry' is not one of neutral" in error(tmp_path)


def test_single_votes_are_dropped_and_all_single_ones_kept() -> None:
    votes = np.array([[6, 3, 1, 0, 0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]])
    shares = vote_shares(votes)
    assert shares[0].tolist() == pytest.approx([6 / 9, 3 / 9] + [0.0] * 8)
    assert shares[1].tolist() == pytest.approx([0.5, 0.5] + [0.0] * 8)


@pytest.mark.data
@pytest.mark.skipif("MOODTIDE_DATA" not in os.environ, reason="MOODTIDE_DATA does not name the data folder")
def test_the_real_valid_split_has_its_official_size() -> None:
    faces = load(Path(os.environ["MOODTIDE_DATA"]) / "faces" / "ferplus-train-valid.zip", "valid")
    assert len(faces) == 3579
    assert (faces.votes.sum(axis=1) == 10).mean() > 0.99
