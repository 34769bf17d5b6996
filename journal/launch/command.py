"""Run one command of set-up to its end."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from journal.launch.refusal import RefusalError


def say(line: str) -> None:
    """Tell the person, at once, what is happening."""
    print(line, flush=True)


def run(
    arguments: Sequence[str | Path],
    *,
    folder: Path,
    failure: str,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a command with its output shown; if it fails, refuse with the sentence ``failure``."""
    code = subprocess.run(arguments, cwd=folder, env=environment, check=False).returncode
    if code:
        raise RefusalError(failure, code=1)
