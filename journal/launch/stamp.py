"""Notes of what set-up last worked from, so that a start with nothing new to do takes milliseconds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(files: Iterable[Path], root: Path) -> str:
    """Return a SHA-256 over the names below ``root`` and the contents of ``files``, in a fixed order."""
    total = hashlib.sha256()
    for file in sorted(files):
        name = file.relative_to(root).as_posix().encode()
        content = file.read_bytes()
        # Lengths first: no two sets of files can run together into the same bytes.
        total.update(b"%d %d\n" % (len(name), len(content)) + name + content)
    return total.hexdigest()


def read(stamp: Path) -> str:
    """Return what a stamp says, empty if there is none."""
    return stamp.read_text() if stamp.is_file() else ""
