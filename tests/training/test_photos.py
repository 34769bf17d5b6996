from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from inference.emotions import EMOTIONS
from tests.pictures import BUNDLE, empty_room, encode, webcam
from training.__main__ import main
from training.photos import LABELS


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """A smiling person, labelled so in two spellings, and a room that is labelled with a face it doesn't have."""
    folder = tmp_path / "album" / "photos"
    folder.mkdir(parents=True)
    for name, image in (("a.jpg", webcam()), ("b.jpg", webcam((320, 240))), ("room.jpg", empty_room())):
        (folder / name).write_bytes(encode(image))
    (folder / LABELS).write_text("file,expression,age\na.jpg,smiling,30\nb.jpg,Happy,30\nroom.jpg,sad|fear,9\n")
    return tmp_path / "album"


def photos(path: Path, *more: str) -> int:
    return main(["photos", "--bundle", str(BUNDLE), str(path), "--threads", "1", *more])


def test_it_counts_what_is_found_and_present(album: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert photos(album, "--json") == 0
    numbers = json.loads(capsys.readouterr().out)
    assert numbers["photographs"] == 3
    assert (numbers["found"]["count"], numbers["found"]["of"]) == (2, 3)
    assert set(numbers["labelled"]) == {"happiness", "sadness+fear"}
    assert numbers["labelled"]["happiness"]["present"]["happiness"]["count"] == 2
    assert set(numbers["labelled"]["happiness"]["present"]) == set(EMOTIONS)
    assert numbers["emotions"]["happiness"]["absent_elsewhere"]["count"] == 1
    assert numbers["emotions"]["sadness"]["present_where_labelled"]["count"] == 0


def test_a_zip_reads_as_its_folder_does(album: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert photos(album) == 0
    folder = capsys.readouterr().out
    assert photos(Path(shutil.make_archive(str(album), "zip", album))) == 0
    assert capsys.readouterr().out == folder
    assert "face found    2 of 3 (67 %" in folder


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("file,expression\nnobody.jpg,sad\n", "row 2: photos/nobody.jpg is missing"),
        ("file,expression\na.jpg,sad\nb.jpg,hungry\n", "row 3: 'hungry' is not one of"),
        ("file,expression\na.jpg,\n", "row 2: the column 'expression' is empty"),
        ("file,mood\na.jpg,sad\n", "none of the columns emotions, emotion"),
        ("picture,emotion\na.jpg,sad\n", "none of the columns file, image"),
        ("file,emotion\nlabels.csv,sad\n", "row 2: photos/labels.csv can't be read"),
    ],
)
def test_a_bad_row_is_named(album: Path, table: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    (album / "photos" / LABELS).write_text(table)
    assert photos(album) == 2
    assert words in capsys.readouterr().err


def test_no_labels_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert photos(tmp_path) == 2
    assert "0 files named labels.csv" in capsys.readouterr().err


@pytest.mark.data
@pytest.mark.skipif("MOODTIDE_DATA" not in os.environ, reason="MOODTIDE_DATA does not name the data folder")
def test_the_london_photographs_are_all_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert photos(Path(os.environ["MOODTIDE_DATA"]) / "faces" / "london-34.zip", "--json") == 0
    numbers = json.loads(capsys.readouterr().out)
    assert numbers["found"]["count"] == 68
    assert numbers["labelled"]["neutral"]["photographs"] == 34
