"""What each set-up command does, in order."""

from __future__ import annotations

import argparse
import sys

from journal.launch import frontend, install
from journal.launch.refusal import RefusalError
from journal.launch.tree import Tree


def set_up(tree: Tree, extra: str) -> None:
    """Bring the environment and the built front end up to date."""
    install.install(tree, extra)
    frontend.build(tree)


def perform(tree: Tree, step: str) -> None:
    """Do one named step."""
    if step == "check":
        frontend.check(tree)
    elif step == "clean":
        tree.clean()
    else:
        set_up(tree, "test" if step == "test" else "")


def main(arguments: list[str]) -> int:
    """Do the step that the command line names; a refusal is printed as its sentence."""
    parser = argparse.ArgumentParser(prog="journal.launch.bootstrap", description=__doc__)
    parser.add_argument("step", choices=["run", "test", "check", "clean"])
    step = parser.parse_args(arguments).step
    try:
        perform(Tree.here(), step)
    except RefusalError as refusal:
        print(refusal, file=sys.stderr)
        return refusal.code
    except KeyboardInterrupt:
        print("\nStopped. What is there is kept; the same command goes on from here.", file=sys.stderr)
        return 130
    return 0
