"""Carries what a process prints to its lines, without a thread."""

from __future__ import annotations

import asyncio
import os

from journal.launch.lines import Lines

CHUNK = 65536
LONGEST = 1_000_000  # bytes of one line, so that a part that never ends a line can't fill the memory


class Pump:
    """Reads the pipe ``descriptor`` whenever there is something in it, and closes it at its end."""

    def __init__(self, descriptor: int, lines: Lines) -> None:
        self._descriptor = descriptor
        self._lines = lines
        self._rest = b""
        self._loop = asyncio.get_running_loop()
        self._open = True
        os.set_blocking(descriptor, False)
        self._loop.add_reader(descriptor, self._read)

    def _read(self) -> bool:
        """Take one chunk; return whether there may be more at once."""
        try:
            chunk = os.read(self._descriptor, CHUNK)
        except BlockingIOError:
            return False
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > LONGEST:
            whole, self._rest = [*whole, self._rest], b""
        for line in whole:
            self._lines.write(line.decode(errors="replace").rstrip("\r"))
        if not chunk:
            self._loop.remove_reader(self._descriptor)
        return bool(chunk)

    def close(self) -> None:
        """Take what the process left in the pipe, and close it."""
        while self._read():
            pass
        if self._rest:
            self._lines.write(self._rest.decode(errors="replace"))
        self._loop.remove_reader(self._descriptor)
        os.close(self._descriptor)
