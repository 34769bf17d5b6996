"""Where the parts' lines go: to the terminal, behind the part's name, and to a log of bounded size."""

from __future__ import annotations

import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

WIDTH = 9  # of the longest name of a part
LOG_BYTES = 2_000_000
OLD_LOGS = 3


class Lines:
    """One part's lines."""

    def __init__(self, name: str, folder: Path, echo: bool = True) -> None:
        self._name = name
        self._echo = echo
        self._file = RotatingFileHandler(
            folder / f"{name}.log", maxBytes=LOG_BYTES, backupCount=OLD_LOGS, encoding="utf-8"
        )

    def write(self, line: str) -> None:
        """Take one line."""
        self._file.handle(logging.makeLogRecord({"msg": line}))
        if self._echo and line.strip():
            show(f"{self._name:{WIDTH}} | {line}")

    def close(self) -> None:
        """Close the log."""
        self._file.close()


def show(text: str) -> None:
    """Print to the terminal for as long as there is one; the logs keep the rest."""
    try:
        print(text, flush=True)
    except OSError:
        # The terminal was closed, or what read our output has gone. From here on nobody reads.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
