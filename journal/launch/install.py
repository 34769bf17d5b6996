"""The Python environment: make it, fill it, and know when there is nothing to do."""

from __future__ import annotations

import importlib.util
import os
import sys
import tomllib

from journal.launch import opencv
from journal.launch.command import run, say
from journal.launch.download import announcement
from journal.launch.refusal import RefusalError
from journal.launch.stamp import digest, read
from journal.launch.tree import Tree


def install(tree: Tree, extra: str) -> None:
    """Make the environment hold what pyproject.toml asks for, with the extra ``test`` or with none."""
    if not is_healthy(tree):
        make_environment(tree)
    wanted = digest([tree.pyproject], tree.root)
    stamp = tree.venv / "moodtide.stamp"
    if is_current(read(stamp), wanted, extra):
        return
    stamp.unlink(missing_ok=True)
    install_packages(tree, extra)
    stamp.write_text(f"{wanted} {extra}")


def is_current(stamp: str, wanted: str, extra: str) -> bool:
    """Tell whether a stamp covers what is wanted; the test tools come on top of everything else."""
    return stamp == f"{wanted} test" or stamp == f"{wanted} {extra}"


def is_healthy(tree: Tree) -> bool:
    """Tell whether the environment is whole, of Python 3.11, and was made at this very place.

    Its scripts name the folder that they were made in, so a moved or copied checkout needs a new one.
    """
    pip = tree.venv / "bin" / "pip"
    if not (tree.python.exists() and tree.packages.is_dir() and pip.is_file()):
        return False
    return str(tree.venv) in pip.read_text()


def make_environment(tree: Tree) -> None:
    """Make an empty environment in ``.venv``, in place of a broken one."""
    if importlib.util.find_spec("ensurepip") is None:
        raise RefusalError(
            "This Python can't make environments: its venv module is packed apart. "
            "Install python3.11-venv (Debian, Ubuntu) or another complete Python 3.11, then try again."
        )
    say("Making the Python environment in .venv.")
    run(
        [sys.executable, "-m", "venv", "--clear", tree.venv],
        folder=tree.root,
        failure="The Python environment in .venv could not be made, as said above.",
    )


def install_packages(tree: Tree, extra: str) -> None:
    """Download and install PyTorch first, then all the rest."""
    index = os.environ.get("MOODTIDE_TORCH_INDEX", "")
    say(announcement(tree, extra, index))
    # PyTorch goes first and alone: once its build is there, nothing that follows makes pip take another.
    # A build with a local part (2.13.0+cpu) outranks the same version without, so an extra index is enough.
    pip(tree, *torch_pins(tree), *(["--extra-index-url", index] if index else []))
    say("Installing the other packages.")
    pip(tree, "--editable", f".[{extra}]" if extra else ".")
    opencv.settle(tree, pip)


def torch_pins(tree: Tree) -> list[str]:
    """Return the exact versions of PyTorch that pyproject.toml pins."""
    project = tomllib.loads(tree.pyproject.read_text())["project"]
    return [line for line in project["dependencies"] if line.startswith(("torch==", "torchvision=="))]


def pip(tree: Tree, *wanted: str) -> None:
    """Install packages; a person at a terminal sees pip's own progress, a log stays short."""
    manner = [] if sys.stdout.isatty() else ["--quiet", "--progress-bar", "off"]
    run(
        [tree.python, "-m", "pip", "install", "--disable-pip-version-check", *manner, *wanted],
        folder=tree.root,
        failure="The packages could not be installed, as said above. The same command tries again.",
    )
