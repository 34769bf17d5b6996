from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from PIL import Image

from inference import bench
from inference.__main__ import main
from inference.emotions import EMOTIONS
from inference.pipeline import Pipeline
from tests.pictures import encode, webcam


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(encode(webcam()))
    return path


def test_json_is_one_line_a_photo(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = photo.with_name("missing.jpg")
    assert main([str(photo), str(missing), "--json"]) == 1
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["file"], first["status"]) == (str(photo), "read")
    face = first["faces"][0]
    assert list(face["intensities"]) == list(EMOTIONS)
    assert "happiness" in face["present"]
    assert len(face["box"]) == 4
    assert len(face["landmarks"]) == 5
    assert 0.9 < face["score"] <= 1
    assert (second["status"], second["faces"]) == ("bad_image", [])


def test_words_are_for_people(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(photo)]) == 0
    assert "happiness*" in capsys.readouterr().out


def test_a_bundle_that_is_not_there_is_one_sentence(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(photo), "--bundle", str(photo.parent / "none")]) == 2
    assert "can't be used" in capsys.readouterr().err


def test_how_small_a_face_may_be_is_an_option(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The face fills less than nine tenths of the picture's height."""
    assert main([str(photo), "--json", "--smallest-face", "100"]) == 0
    assert json.loads(capsys.readouterr().out)["faces"] == []
    with pytest.raises(SystemExit):
        main([str(photo), "--smallest-face", "0"])
    assert "between 1 and 100" in capsys.readouterr().err


def test_the_bench_prints_a_row_for_each_work(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "TURN", 0)  # each work once
    threads = torch.get_num_threads()
    try:
        assert main(["bench", "--json", "--rounds", "1", "--threads", "2"]) == 0
    finally:
        torch.set_num_threads(threads)
    printed = json.loads(capsys.readouterr().out)
    works = [row["work"] for row in printed["rows"]]
    assert any("batches of 16" in work for work in works)
    assert sum("detection alone" in work for work in works) == 3
    assert all(row["ours"] > 0 and row["other"] > 0 for row in printed["rows"])
    assert printed["threads"] == 2


def test_the_bench_reads_what_it_says() -> None:
    photo = Image.open(bench.PHOTO)
    pipeline = Pipeline.load()
    pictures = [bench.encoded(image) for image in (photo, bench.eight(photo), bench.nobody())]
    assert [len(analysis.faces) for analysis in pipeline.analyse(pictures)] == [1, 8, 0]
