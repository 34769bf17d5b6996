"""A part that ends is started again, one that is stopped is gone with all that it started."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from journal.launch import keeper as keeping
from journal.launch import lines as lines_module
from journal.launch.answer import until
from journal.launch.guardian import Guardian
from journal.launch.home import Home
from journal.launch.keeper import Keeper, Part, pause_after
from journal.launch.lines import Lines
from journal.launch.process import Launcher
from journal.launch.pump import Pump

IsGone = Callable[[int], bool]
LONGEST = 60.0  # seconds that a busy machine may take over anything
# A part that starts a process of its own and notes its number.
PARENT = "sleep 600 & echo $! > child.tmp; mv child.tmp child; "


@asynccontextmanager
async def kept(home: Home, script: str) -> AsyncIterator[Keeper]:
    """A part that runs a shell script in the data folder, kept until the end of the block."""
    lines, news = Lines("part", home.logs), Lines("moodtide", home.logs)
    with Guardian() as guardian:
        environment = {"PATH": "/usr/bin:/bin"}
        keeper = Keeper(Part("part", ["sh", "-c", script]), Launcher(home.path, environment, guardian), lines, news)
        try:
            yield keeper
        finally:
            await keeper.stop(0)
            lines.close()
            news.close()


async def appears(path: Path) -> None:
    async def exists() -> bool:
        return path.exists()

    assert await until(exists, LONGEST), f"{path.name} did not appear"


async def goes(is_gone: IsGone, note: Path) -> None:
    """Wait until the process whose number is noted has ended: it is killed, and ends a moment later."""

    async def ended() -> bool:
        return is_gone(int(note.read_text()))

    assert await until(ended, LONGEST), "what it started is still there"


async def has_line(path: Path, text: str, times: int = 1) -> None:
    async def found() -> bool:
        return path.exists() and path.read_text().count(text) >= times

    assert await until(found, LONGEST), f"{text!r} is not in {path.read_text()!r}"


def test_the_pauses_grow_to_half_a_minute() -> None:
    assert [pause_after(failures) for failures in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert pause_after(10_000) == 30


def test_a_part_that_dies_is_started_again_after_longer_pauses(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "FIRST_PAUSE", 0.01)

    async def scenario() -> None:
        async with kept(home, "echo here I am; exit 3"):
            await has_line(home.logs / "part.log", "here I am", times=3)

    asyncio.run(scenario())
    news = (home.logs / "moodtide.log").read_text().splitlines()
    assert news[:2] == [
        "part ended with exit code 3; starting it again in 0.01 s.",
        "part ended with exit code 3; starting it again in 0.02 s.",
    ]


def test_earlier_failures_are_forgotten_once_it_stayed_up(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(keeping, "STEADY", 0.0)

    async def scenario() -> None:
        async with kept(home, "kill -KILL $$"):
            await has_line(home.logs / "moodtide.log", "ended by SIGKILL; starting it again in 0.01 s.", times=3)

    asyncio.run(scenario())


def test_what_a_dead_part_started_is_killed(home: Home, is_gone: IsGone) -> None:
    async def scenario() -> None:
        async with kept(home, PARENT + "exit 1"):
            await has_line(home.logs / "moodtide.log", "starting it again")
            await goes(is_gone, home.path / "child")

    asyncio.run(scenario())


def test_a_stopped_part_leaves_nothing_behind(home: Home, is_gone: IsGone) -> None:
    async def scenario() -> None:
        async with kept(home, PARENT + "wait") as keeper:
            await appears(home.path / "child")
            await keeper.stop(asyncio.get_running_loop().time() + LONGEST)
            await goes(is_gone, home.path / "child")

    asyncio.run(scenario())
    assert (home.logs / "moodtide.log").read_text() == ""


def test_a_part_that_will_not_stop_is_killed_at_the_deadline(home: Home, is_gone: IsGone) -> None:
    async def scenario() -> None:
        async with kept(home, f"trap '' TERM; {PARENT} wait; wait") as keeper:
            await appears(home.path / "child")
            await keeper.stop(0)
            await goes(is_gone, home.path / "child")

    asyncio.run(scenario())
    assert "did not end in time" in (home.logs / "moodtide.log").read_text()


def test_a_stop_does_not_wait_for_the_pause(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "FIRST_PAUSE", 30.0)

    async def scenario() -> float:
        async with kept(home, "exit 1") as keeper:
            await has_line(home.logs / "moodtide.log", "starting it again")
            before = asyncio.get_running_loop().time()
            await keeper.stop(before + LONGEST)
            return asyncio.get_running_loop().time() - before

    assert asyncio.run(scenario()) < keeping.FIRST_PAUSE


def test_lines_carry_the_name_and_reach_the_log_whole(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario() -> None:
        async with kept(home, "echo one; printf 'tw' >&2; printf 'o\\nthree'; sleep 600 & sleep 0.1; kill -KILL $$"):
            await has_line(home.logs / "moodtide.log", "SIGKILL")

    asyncio.run(scenario())
    assert (home.logs / "part.log").read_text().splitlines()[:3] == ["one", "two", "three"]
    assert "part      | two\n" in capsys.readouterr().out


def test_the_last_words_of_a_part_are_kept(home: Home) -> None:
    async def scenario() -> None:
        lines = Lines("part", home.logs, echo=False)
        reading, writing = os.pipe()
        pump = Pump(reading, lines)
        os.write(writing, b"x" * 60_000 + b"\nlast words")
        os.close(writing)
        pump.close()
        lines.close()

    asyncio.run(scenario())
    assert (home.logs / "part.log").read_text().splitlines() == ["x" * 60_000, "last words"]


def test_a_log_is_bounded(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "LOG_BYTES", 1000)
    lines = Lines("part", home.logs, echo=False)
    for _ in range(500):
        lines.write("twenty characters...")
    lines.close()
    logs = sorted(home.logs.glob("part.log*"))
    assert len(logs) == 1 + lines_module.OLD_LOGS
    assert all(log.stat().st_size <= 1000 for log in logs)
