"""OpenCV comes in two builds; take the one that this machine can load.

The usual build opens windows and needs libGL and GLib from the system, which a server seldom has and which
only root can install. The headless build needs neither and reads pictures just as well. Both fill the same
folder, so one must be gone before the other comes.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable

from journal.launch.command import run, say
from journal.launch.refusal import RefusalError
from journal.launch.tree import Tree

WINDOWED, HEADLESS = "opencv-python", "opencv-python-headless"
Install = Callable[..., None]


def settle(tree: Tree, install: Install) -> None:
    """Leave exactly one OpenCV in the environment, and one that loads."""
    versions = {name: version for name in (WINDOWED, HEADLESS) if (version := installed(tree, name))}
    complaint = import_complaint(tree)
    if complaint and "cannot open shared object file" not in complaint:
        raise RefusalError(f"OpenCV was installed but does not load: {complaint}", code=1)
    if len(versions) == 1 and not complaint:
        return
    chosen = HEADLESS if complaint else WINDOWED
    if complaint:
        say("This machine lacks the libraries for OpenCV's windows; taking OpenCV's headless build instead.")
        say("All works but the live window (python -m inference live): it needs a screen, libGL and GLib.")
    replace(tree, install, list(versions), f"{chosen}=={versions.get(WINDOWED) or versions[HEADLESS]}")


def replace(tree: Tree, install: Install, present: list[str], wanted: str) -> None:
    """Take out every OpenCV that is present and put in the one that is wanted."""
    run(
        [tree.python, "-m", "pip", "uninstall", "--yes", "--quiet", *present],
        folder=tree.root,
        failure="The other build of OpenCV could not be removed, as said above.",
    )
    install(tree, wanted)
    if complaint := import_complaint(tree):
        raise RefusalError(f"OpenCV was installed but does not load: {complaint}", code=1)


def installed(tree: Tree, name: str) -> str:
    """Return the installed version of a package, empty if it isn't there."""
    folder = next(tree.packages.glob(f"{name.replace('-', '_')}-*.dist-info"), None)
    return folder.name.removesuffix(".dist-info").rpartition("-")[2] if folder else ""


def import_complaint(tree: Tree) -> str:
    """Return the last line of what importing OpenCV complains of, empty if it loads."""
    attempt = subprocess.run([tree.python, "-c", "import cv2"], capture_output=True, text=True, check=False)
    return attempt.stderr.strip().rpartition("\n")[2] if attempt.returncode else ""
