from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.training.drawn import drawn_faces, write_layout
from training.datasets import DataError, load_ferplus, vote_shares


@pytest.fixture
def label(tmp_path: Path) -> Path:
    return write_layout(drawn_faces(5, seed=1), tmp_path / "fer", "train")


def error(root: Path) -> str:
    with pytest.raises(DataError) as caught:
        load_ferplus(root, "train")
    return str(caught.value)


def test_a_folder_and_its_zip_read_alike(label: Path, tmp_path: Path) -> None:
    folder = load_ferplus(tmp_path / "fer", "train")
    archive = shutil.make_archive(str(tmp_path / "fer"), "zip", tmp_path / "fer")
    zipped = load_ferplus(Path(archive), "train")
    expected = drawn_faces(5, seed=1)
    for faces in (folder, zipped):
        assert (faces.pixels == expected.pixels).all()
        assert (faces.votes == expected.votes).all()
        assert faces.names == expected.names


def test_the_cache_answers_without_the_data(label: Path, tmp_path: Path) -> None:
    first = load_ferplus(tmp_path / "fer", "train", tmp_path / "cache")
    shutil.rmtree(tmp_path / "fer")
    again = load_ferplus(tmp_path / "fer", "train", tmp_path / "cache")
    assert (first.pixels == again.pixels).all()
    assert first.names == again.names


def test_a_missing_split_is_named(label: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no test split"):
        load_ferplus(tmp_path / "fer", "test")


def test_what_is_neither_folder_nor_zip_is_named(tmp_path: Path) -> None:
    assert "neither" in error(tmp_path / "nothing")


def test_a_bad_row_is_named_by_its_number(label: Path, tmp_path: Path) -> None:
    good = label.read_text().splitlines()
    for bad, words in [
        ("a,b,c", "3 columns"),
        (good[2].replace(",0", ",x"), "whole number"),
        (good[2].replace(",0", ",-1"), "negative"),
    ]:
        label.write_text("\n".join([*good[:2], bad, *good[3:]]))
        said = error(tmp_path / "fer")
        assert "row 3" in said
        assert words in said


def test_a_missing_or_odd_picture_is_named(label: Path, tmp_path: Path) -> None:
    Image.new("L", (40, 48)).save(label.parent / "fer0000001.png")
    assert "fer0000001.png (row 2) is 40x48" in error(tmp_path / "fer")
    (label.parent / "fer0000001.png").unlink()
    assert "fer0000001.png (row 2) is missing" in error(tmp_path / "fer")


def test_single_votes_are_dropped_and_all_single_ones_kept() -> None:
    votes = np.array([[6, 3, 1, 0, 0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]])
    shares = vote_shares(votes)
    assert shares[0].tolist() == pytest.approx([6 / 9, 3 / 9] + [0.0] * 8)
    assert shares[1].tolist() == pytest.approx([0.5, 0.5] + [0.0] * 8)


@pytest.mark.data
@pytest.mark.skipif("MOODTIDE_DATA" not in os.environ, reason="MOODTIDE_DATA does not name the data folder")
def test_the_real_valid_split_has_its_official_size() -> None:
    faces = load_ferplus(Path(os.environ["MOODTIDE_DATA"]) / "faces" / "ferplus-train-valid.zip", "valid")
    assert len(faces) == 3579
    assert (faces.votes.sum(axis=1) == 10).mean() > 0.99
