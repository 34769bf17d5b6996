"""A tiny process that ends every part if the supervisor dies without a chance to do so itself.

It learns over a pipe which process groups run. When the pipe closes, the supervisor is gone, however it went,
and what still runs is killed. Run as ``python -m journal.launch.guardian`` it is that process.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType


class Guardian:
    """The supervisor's end of the pipe."""

    def __init__(self) -> None:
        self._groups: set[int] = set()
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-E", "-S", "-m", "journal.launch.guardian"],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the terminal is for the supervisor alone
            bufsize=0,
        )

    def watch(self, group: int) -> None:
        """Have a process group killed should the supervisor die."""
        self._groups.add(group)
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """A process group is gone; its number may soon be somebody else's."""
        self._groups.discard(group)
        self._tell(f"-{group}\n")

    def _tell(self, line: str) -> None:
        try:
            self._write(line)
        except BrokenPipeError:
            # Somebody ended the guardian: a new one has to learn every group again.
            self.close()
            self._process = self._start()
            self._write("".join(f"+{group}\n" for group in self._groups))

    def _write(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(text.encode())

    def close(self) -> None:
        """Close the pipe: the guardian ends what it still knows of, and itself."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def __enter__(self) -> Guardian:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def remaining(lines: Iterable[str]) -> set[int]:
    """Read what the supervisor tells until it is gone; return the process groups that then still run."""
    groups: set[int] = set()
    for line in lines:
        (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
    return groups


def main() -> None:
    """Wait for the supervisor to go, then kill what it left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for group in remaining(sys.stdin):
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
