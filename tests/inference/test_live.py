from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.__main__ import main
from inference.emotions import EMOTIONS
from inference.live import FEATURES, annotate
from inference.pipeline import Pipeline
from tests.pictures import webcam


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (640, 480))
    frame = np.asarray(webcam())[..., ::-1]
    for shift in range(3):
        writer.write(np.roll(frame, 8 * shift, axis=1))
    writer.release()
    return path


def test_a_film_is_read_and_saved(film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "out.avi"
    assert main(["live", "--video", str(film), "--save", str(saved), "--no-window"]) == 0
    assert "3 pictures" in capsys.readouterr().out
    capture = cv2.VideoCapture(str(saved))
    _there, frame = capture.read()
    assert int(capture.get(cv2.CAP_PROP_FRAME_COUNT)) == 3
    capture.release()
    assert np.abs(frame.astype(int) - np.asarray(webcam())[..., ::-1].astype(int)).mean() > 2


def test_annotations_are_drawn_on_a_copy(pipeline: Pipeline) -> None:
    frame = np.ascontiguousarray(np.asarray(webcam())[..., ::-1])
    before = frame.copy()
    drawn = annotate(frame, pipeline.analyse_picture(np.ascontiguousarray(frame[..., ::-1])))
    assert (frame == before).all()
    assert (drawn != before).any()


def test_a_film_that_is_not_there_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["live", "--video", str(tmp_path / "none.avi"), "--no-window"]) == 2
    assert "Can't open the film" in capsys.readouterr().err


def test_every_emotion_can_be_drawn_without_a_font() -> None:
    assert set(FEATURES) == set(EMOTIONS)
    assert len(set(FEATURES.values())) == len(EMOTIONS)


def test_without_a_screen_it_says_so(film: Path) -> None:
    """OpenCV alone would end the whole process."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-m", "inference", "live", "--video", str(film)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no screen here" in done.stderr
