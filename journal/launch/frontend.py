"""The front end: install its tools when the lock changed, build it when a source changed."""

from __future__ import annotations

from pathlib import Path

from journal.launch import node
from journal.launch.command import run, say
from journal.launch.stamp import digest, read
from journal.launch.tree import Tree

SCRIPT = ("run", "--silent")


def build(tree: Tree) -> None:
    """Bring the built scripts and styles up to date."""
    install_tools(tree)
    sources = digest(source_files(tree.frontend), tree.frontend)
    stamp = tree.frontend / "node_modules" / ".moodtide-build"
    if read(stamp) == sources and tree.built.is_dir():
        return
    say("Building the front end.")
    npm(tree, *SCRIPT, "build", failure="The front end could not be built, as said above.")
    stamp.write_text(sources)


def check(tree: Tree) -> None:
    """Check the front end's types and run its own tests."""
    npm(tree, *SCRIPT, "check", failure="The front end's types don't hold, as said above.")
    npm(tree, *SCRIPT, "test", failure="The front end's tests fail, as said above.")


def install_tools(tree: Tree) -> None:
    """Install exactly what the lock names, unless that is what was installed last."""
    named = [tree.frontend / "package.json", tree.frontend / "package-lock.json"]
    lock = digest(named, tree.frontend)
    stamp = tree.frontend / "node_modules" / ".moodtide-lock"
    if read(stamp) == lock:
        return
    say("Installing the front end's build tools: about 15 MB to download.")
    npm(
        tree,
        *("ci", "--no-audit", "--no-fund"),
        failure="The front end's build tools could not be installed, as said above.",
    )
    stamp.write_text(lock)


def source_files(folder: Path) -> list[Path]:
    """Return every file of the front end that somebody wrote."""
    roots = [entry for entry in folder.iterdir() if entry.name != "node_modules"]
    return [file for root in roots for file in (root, *root.rglob("*")) if file.is_file()]


def npm(tree: Tree, *arguments: str, failure: str) -> None:
    """Run npm in the front end's folder."""
    found = node.find(tree)
    run([*found.npm, *arguments], folder=tree.frontend, failure=failure, environment=found.environment())
