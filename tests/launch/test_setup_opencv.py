"""Exactly one OpenCV is left, and one that this machine can load."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from journal.launch import opencv
from journal.launch.refusal import RefusalError
from journal.launch.tree import Tree

NO_LIBGL = "ImportError: libGL.so.1: cannot open shared object file: No such file or directory"
Settle = Callable[..., list[str]]


@pytest.fixture
def settle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settle:
    """Settle an environment that holds ``present``; return what was done to it."""

    def settle(present: list[str], complaint: str = "", later: str = "") -> list[str]:
        tree = Tree(tmp_path)
        for name in present:
            (tree.packages / f"{name.replace('-', '_')}-4.12.0.dist-info").mkdir(parents=True)
        done: list[str] = []
        complaints = iter([complaint, later])
        monkeypatch.setattr(opencv, "import_complaint", lambda tree: next(complaints))
        monkeypatch.setattr(opencv, "run", lambda command, **rest: done.append(f"- {' '.join(command[6:])}"))
        opencv.settle(tree, lambda tree, wanted: done.append(f"+ {wanted}"))
        return done

    return settle


def test_an_opencv_that_loads_is_left_alone(settle: Settle) -> None:
    assert settle(["opencv-python"]) == []


def test_a_headless_opencv_that_loads_is_left_alone(settle: Settle) -> None:
    assert settle(["opencv-python-headless"]) == []


def test_without_libgl_the_headless_build_takes_over(settle: Settle, capsys: pytest.CaptureFixture[str]) -> None:
    assert settle(["opencv-python"], NO_LIBGL) == ["- opencv-python", "+ opencv-python-headless==4.12.0"]
    assert "python -m inference live" in capsys.readouterr().out


def test_an_update_that_brings_the_windowed_build_back_is_undone(settle: Settle) -> None:
    done = settle(["opencv-python", "opencv-python-headless"], NO_LIBGL)
    assert done == ["- opencv-python opencv-python-headless", "+ opencv-python-headless==4.12.0"]


def test_of_two_builds_that_share_a_folder_one_is_installed_afresh(settle: Settle) -> None:
    done = settle(["opencv-python", "opencv-python-headless"])
    assert done == ["- opencv-python opencv-python-headless", "+ opencv-python==4.12.0"]


def test_another_failure_is_not_papered_over(settle: Settle) -> None:
    with pytest.raises(RefusalError, match="No module named 'numpy'"):
        settle(["opencv-python"], "ModuleNotFoundError: No module named 'numpy'")


def test_a_replacement_that_does_not_load_either_is_reported(settle: Settle) -> None:
    with pytest.raises(RefusalError, match="does not load"):
        settle(["opencv-python"], NO_LIBGL, NO_LIBGL)
