"""A command that runs in a process group of its own, so that nothing it starts can outlive it unseen."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from journal.launch.guardian import Guardian
from journal.launch.lines import Lines
from journal.launch.pump import Pump


@dataclass(frozen=True)
class Launcher:
    """What all processes of one start share."""

    folder: Path
    environment: Mapping[str, str]
    guardian: Guardian

    async def launch(self, arguments: Sequence[str], lines: Lines) -> Running:
        """Start a command, its output going to ``lines``."""
        reading, writing = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *arguments,
                cwd=self.folder,
                env=self.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
            )
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        self.guardian.watch(process.pid)
        return Running(process, Pump(reading, lines), self.guardian)

    async def run(self, arguments: Sequence[str], lines: Lines) -> int:
        """Run a command to its end and return its exit code; if that is called off, kill it."""
        running = await self.launch(arguments, lines)
        try:
            return await running.wait()
        except asyncio.CancelledError:
            running.kill()
            await running.wait()
            raise


class Running:
    """A running process, and all that it starts."""

    def __init__(self, process: asyncio.subprocess.Process, pump: Pump, guardian: Guardian) -> None:
        self._process = process
        self._pump = pump
        self._guardian = guardian

    async def wait(self) -> int:
        """Wait for its end, kill what it left, and return its exit code (or minus the signal's number)."""
        code = await self._process.wait()
        self.kill()
        self._guardian.forget(self._process.pid)
        self._pump.close()
        return code

    def terminate(self) -> None:
        """Ask it to finish what it is doing and end."""
        with suppress(ProcessLookupError):
            self._process.terminate()

    def kill(self) -> None:
        """End it and all that it started, now."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


def describe(code: int) -> str:
    """Say how a process ended, from its exit code."""
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
