"""The Python environment: the right Python, the right packages, and nothing done twice."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from journal.launch import bootstrap, download, install, opencv
from journal.launch.refusal import RefusalError
from journal.launch.stamp import digest
from journal.launch.tree import Tree

PYPROJECT = '[project]\ndependencies = ["torch==1.0", "django>=5", "torchvision==2.0", "opencv-python>=4"]\n'


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A checkout with an environment that looks whole."""
    tree = Tree(tmp_path)
    tree.pyproject.write_text(PYPROJECT)
    tree.packages.mkdir(parents=True)
    tree.python.parent.mkdir()
    tree.python.touch()
    (tree.venv / "bin" / "pip").write_text(f"#!{tree.python}\n")
    return tree


@pytest.fixture
def pipped(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What pip is asked to install, instead of installing it."""
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(install, "pip", lambda tree, *wanted: asked.append(wanted))
    monkeypatch.setattr(opencv, "settle", lambda tree, pip: None)
    monkeypatch.delenv("MOODTIDE_TORCH_INDEX", raising=False)
    return asked


def test_the_right_python_is_accepted() -> None:
    assert bootstrap.wrong_python(3, 11) == ""


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 12), (4, 0)])
def test_a_wrong_python_gets_one_sentence(
    version: tuple[int, int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (*version, 0))
    assert bootstrap.main() == 2
    (sentence,) = capsys.readouterr().err.splitlines()
    assert "needs Python 3.11" in sentence
    assert f"this is Python {version[0]}.{version[1]}." in sentence


@pytest.mark.parametrize("file", ["launch/bootstrap.py", "launch/__init__.py", "__init__.py"])
def test_an_old_python_can_read_the_door(file: str) -> None:
    source = (Tree.here().root / "journal" / file).read_text()
    ast.parse(source, feature_version=(3, 6))
    assert "from __future__ import annotations" not in source  # it came with 3.7


def test_torch_comes_first_and_alone(tree: Tree, pipped: list[tuple[str, ...]]) -> None:
    install.install(tree, "test")
    assert pipped == [("torch==1.0", "torchvision==2.0"), ("--editable", ".[test]")]


def test_torch_can_come_from_another_index(
    tree: Tree, pipped: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOODTIDE_TORCH_INDEX", "file:///cpu")
    install.install(tree, "")
    assert pipped[0] == ("torch==1.0", "torchvision==2.0", "--extra-index-url", "file:///cpu")
    assert pipped[1] == ("--editable", ".")


def test_a_second_set_up_installs_nothing(tree: Tree, pipped: list[tuple[str, ...]]) -> None:
    install.install(tree, "test")
    pipped.clear()
    install.install(tree, "test")
    install.install(tree, "")  # the test tools come on top of everything else
    assert pipped == []


def test_the_test_tools_are_added_to_an_environment_without(tree: Tree, pipped: list[tuple[str, ...]]) -> None:
    install.install(tree, "")
    pipped.clear()
    install.install(tree, "test")
    assert ("--editable", ".[test]") in pipped


def test_a_changed_pyproject_installs_again(tree: Tree, pipped: list[tuple[str, ...]]) -> None:
    install.install(tree, "")
    pipped.clear()
    tree.pyproject.write_text(PYPROJECT + "# changed\n")
    install.install(tree, "")
    assert pipped


def test_a_failed_installation_is_tried_again(
    tree: Tree, pipped: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    install.install(tree, "")

    def fail(tree: Tree, *wanted: str) -> None:
        raise RefusalError("no network", code=1)

    with monkeypatch.context() as broken, pytest.raises(RefusalError):
        broken.setattr(install, "pip", fail)
        install.install(tree, "test")
    pipped.clear()
    install.install(tree, "")  # the failed attempt may have left anything behind
    assert pipped


def test_a_moved_checkout_gets_a_new_environment(tree: Tree, tmp_path: Path) -> None:
    assert install.is_healthy(tree)
    moved = Tree(tree.root.rename(tmp_path.with_name(tmp_path.name + "-moved")))
    assert not install.is_healthy(moved)


def test_an_environment_of_another_python_is_replaced(tree: Tree) -> None:
    tree.packages.parent.rename(tree.packages.parent.with_name("python3.12"))
    assert not install.is_healthy(tree)


def test_a_python_without_ensurepip_gets_a_sentence(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(RefusalError, match=r"python3\.11-venv"):
        install.make_environment(tree)


def test_a_large_download_is_announced(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    assert "about 390 MB" in download.announcement(tree, "", "")
    assert "about 2.8 GB if pip's index offers the CUDA build" in download.announcement(tree, "", "")
    assert "GB" not in download.announcement(tree, "", "file:///cpu")
    assert "about 570 MB" in download.announcement(tree, "test", "file:///cpu")


def test_only_what_is_missing_is_announced(tree: Tree) -> None:
    (tree.packages / "torch").mkdir()
    assert "test tools: about 180 MB" in download.announcement(tree, "test", "")
    assert "MB" not in download.announcement(tree, "", "")
    (tree.packages / "pytest").mkdir()
    assert "MB" not in download.announcement(tree, "test", "")


def test_cleaning_spares_the_data(tree: Tree) -> None:
    diary = tree.root / "var" / "moodtide.sqlite3"
    diary.parent.mkdir()
    diary.touch()
    (tree.root / ".mypy_cache").mkdir()
    tree.clean()
    assert sorted(path.name for path in tree.root.iterdir()) == ["pyproject.toml", "var"]
    assert diary.exists()


def test_a_stamp_notices_content_names_and_places(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("1")
    before = digest([first], tmp_path)
    assert digest([first], tmp_path) == before
    first.write_text("2")
    assert digest([first], tmp_path) != before
    first.write_text("1")
    assert digest([first.rename(second)], tmp_path) != before
