"""Keeps one part running: whatever ends it, it is started again, after ever longer pauses if need be."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from journal.launch.lines import Lines
from journal.launch.process import Launcher, Running, describe

# The worker that reads pictures ends itself when one picture holds it up, and the next one is waiting: the
# first restart comes at once.
FIRST_PAUSE = 0.5  # seconds
LONGEST_PAUSE = 30.0  # seconds
STEADY = 60.0  # seconds up after which earlier failures no longer count


@dataclass(frozen=True)
class Part:
    """A long-running command; with ``echo``, its lines are shown in the terminal too."""

    name: str
    arguments: Sequence[str]
    echo: bool = True


def pause_after(failures: int) -> float:
    """Return the seconds to wait before a new start after so many failures in a row."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (min(failures, 16) - 1))


class Keeper:
    """Keeps a part running from its making until it is stopped."""

    def __init__(self, part: Part, launcher: Launcher, lines: Lines, news: Lines) -> None:
        self._part = part
        self._launcher = launcher
        self._lines = lines
        self._news = news
        self._stopping = asyncio.Event()
        self._running: Running | None = None
        self.task = asyncio.create_task(self._keep(), name=part.name)

    async def _keep(self) -> None:
        clock = asyncio.get_running_loop().time
        failures = 0
        while not self._stopping.is_set():
            started = clock()
            code = await self._run_once()
            failures = 1 if clock() - started >= STEADY else failures + 1
            if not self._stopping.is_set():
                await self._rest(code, pause_after(failures))

    async def _run_once(self) -> int:
        self._running = await self._launcher.launch(self._part.arguments, self._lines)
        if self._stopping.is_set():  # it was stopped while it was being started
            self._running.terminate()
        code = await self._running.wait()
        self._running = None
        return code

    async def _rest(self, code: int, pause: float) -> None:
        self._news.write(f"{self._part.name} {describe(code)}; starting it again in {pause:g} s.")
        with suppress(TimeoutError):  # the pause went by undisturbed
            await asyncio.wait_for(self._stopping.wait(), pause)

    async def stop(self, deadline: float) -> None:
        """Ask the part to end; what still runs at ``deadline`` (loop time) is killed."""
        self._stopping.set()
        if self._running:
            self._running.terminate()
        # The last part to go gets a second, even if those before it used up the time.
        left = max(1.0, deadline - asyncio.get_running_loop().time())
        _, pending = await asyncio.wait([self.task], timeout=left)
        if pending:
            self._news.write(f"{self._part.name} did not end in time and is killed.")
            self.kill()
            await asyncio.wait([self.task])

    def kill(self) -> None:
        """End the part now."""
        self._stopping.set()
        if self._running:
            self._running.kill()
