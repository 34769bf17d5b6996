"""A whole run with small parts: it comes up, it stops in order, and it leaves no process behind however it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from journal.launch.port import free_loopback_port
from journal.launch.tree import Tree

Eventually = Callable[[Callable[[], object]], None]
IsGone = Callable[[int], bool]

# Runs a plan that comes as JSON, as journal/launch/__main__.py runs the usual one.
RUN = """
import asyncio, json, os, sys
from pathlib import Path
from journal.launch.guardian import Guardian
from journal.launch.home import Home
from journal.launch.keeper import Part
from journal.launch.options import Options
from journal.launch.plan import Plan
from journal.launch.process import Launcher
from journal.launch.refusal import RefusalError
from journal.launch.supervise import Supervisor

home = Home(Path.cwd())
shell = {name: ["sh", "-c", script] for name, script in json.loads(sys.argv[1]).items()}
plan = Plan(
    shell["prepare"], Part("broker", shell["broker"]), Part("web", shell["web"]), [Part("worker", shell["worker"])]
)

async def main(guardian):
    options = Options.read(os.environ, home.path)
    await Supervisor(options, home, plan, Launcher(home.path, os.environ, guardian)).run(None)

home.prepare()
with Guardian() as guardian:
    try:
        asyncio.run(main(guardian))
    except RefusalError as refusal:
        sys.exit(f"refused: {refusal}")
"""
# Notes its process number and that of a child, and at SIGTERM that it was asked to stop.
PART = """
trap 'echo NAME >> order; exit 0' TERM
sleep 600 & echo $$ $! > NAME.tmp; mv NAME.tmp NAME
wait
"""
STUBBORN = PART.replace("'echo NAME >> order; exit 0'", "'echo NAME >> order'") + "wait\nwait\n"


class Run:
    """A supervisor in a process of its own, with its parts as shell scripts."""

    def __init__(self, folder: Path, **scripts: str) -> None:
        self.folder = folder
        self.port = free_loopback_port()
        serve = f"{sys.executable} -m http.server {self.port} --bind 127.0.0.1 --directory {folder}/logs"
        plan = {
            "prepare": "echo prepared",
            "broker": PART.replace("NAME", "broker"),
            "web": PART.replace("NAME", "web").replace("sleep 600", serve),
            "worker": PART.replace("NAME", "worker"),
            **scripts,
        }
        with (folder / "output").open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "error", "-c", RUN, json.dumps(plan)],
                cwd=folder,
                env={**os.environ, "PORT": str(self.port), "PYTHONPATH": str(Tree.here().root), "PUBLIC_URL": ""},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def output(self) -> str:
        return (self.folder / "output").read_text()

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.output()
        return "Moodtide is ready" in self.output() and (self.folder / "worker").exists()

    def descendants(self) -> list[int]:
        return [child.pid for child in psutil.Process(self.process.pid).children(recursive=True)]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """Start a supervisor; whatever the test does, nothing of it stays."""
    runs: list[Run] = []

    def start(**scripts: str) -> Run:
        runs.append(Run(tmp_path, **scripts))
        return runs[-1]

    yield start
    for started in runs:
        if started.process.poll() is None:
            started.process.kill()
        started.process.wait()


def test_it_comes_up_and_stops_in_order(
    run: Callable[..., Run], eventually: Eventually, is_gone: IsGone, tmp_path: Path
) -> None:
    running = run()
    eventually(running.is_ready)
    assert f"Moodtide is ready at http://localhost:{running.port}\n" in running.output()
    assert "prepare   | prepared" in running.output()
    # Three parts, a child of each, and the guardian; the `mv` by which a part says that it is up ends a moment later.
    eventually(lambda: len(running.descendants()) == 7)
    processes = running.descendants()
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=20) == 0
    assert all(is_gone(pid) for pid in processes)
    assert (tmp_path / "order").read_text().split() == ["web", "worker", "broker"]
    assert "Exception" not in running.output()  # such as one for a resource that was left open


def test_sigterm_stops_it_too(run: Callable[..., Run], eventually: Eventually, is_gone: IsGone) -> None:
    running = run()
    eventually(running.is_ready)
    processes = running.descendants()
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(timeout=60) == 0
    eventually(lambda: all(is_gone(pid) for pid in processes))


def test_a_killed_supervisor_leaves_nothing_behind(
    run: Callable[..., Run], eventually: Eventually, is_gone: IsGone
) -> None:
    running = run()
    eventually(running.is_ready)
    processes = running.descendants()
    running.process.kill()
    eventually(lambda: all(is_gone(pid) for pid in processes))


def test_nothing_stays_even_if_the_guardian_died_before(
    run: Callable[..., Run], eventually: Eventually, is_gone: IsGone, tmp_path: Path
) -> None:
    running = run()
    eventually(running.is_ready)
    (guardian,) = [
        child
        for child in psutil.Process(running.process.pid).children()
        if "journal.launch.guardian" in child.cmdline()
    ]
    guardian.kill()
    worker, _ = (tmp_path / "worker").read_text().split()
    os.kill(int(worker), signal.SIGKILL)  # the next news for the guardian
    eventually(lambda: (tmp_path / "worker").read_text().split()[0] != worker)
    processes = running.descendants()
    running.process.kill()
    eventually(lambda: all(is_gone(pid) for pid in processes))


def test_a_second_ctrl_c_does_not_wait(
    run: Callable[..., Run], eventually: Eventually, is_gone: IsGone, tmp_path: Path
) -> None:
    running = run(worker=STUBBORN.replace("NAME", "worker"))
    eventually(running.is_ready)
    processes = running.descendants()
    running.process.send_signal(signal.SIGINT)
    eventually(lambda: (tmp_path / "order").exists() and "worker" in (tmp_path / "order").read_text())
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=7) == 0  # before the 8 seconds that the worker may take
    eventually(lambda: all(is_gone(pid) for pid in processes))


def test_a_failed_preparation_ends_the_start_with_its_output(
    run: Callable[..., Run], eventually: Eventually, tmp_path: Path, is_gone: IsGone
) -> None:
    running = run(prepare="until [ -e broker ]; do :; done; echo no such table; exit 1")
    assert running.process.wait(timeout=60) == 1
    assert "prepare   | no such table" in running.output()
    assert "refused: Moodtide could not be prepared" in running.output()
    assert "ready" not in running.output()
    eventually(lambda: all(is_gone(int(pid)) for pid in (tmp_path / "broker").read_text().split()))


def test_it_can_be_stopped_while_it_prepares(
    run: Callable[..., Run], eventually: Eventually, tmp_path: Path, is_gone: IsGone
) -> None:
    running = run(prepare=STUBBORN.replace("NAME", "prepare"))
    eventually((tmp_path / "prepare").exists)
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=60) == 0
    eventually(lambda: all(is_gone(int(pid)) for pid in (tmp_path / "prepare").read_text().split()))
    assert "Exception" not in running.output()


def test_a_dead_part_comes_back(run: Callable[..., Run], eventually: Eventually, tmp_path: Path) -> None:
    running = run()
    eventually(running.is_ready)
    before = (tmp_path / "worker").read_text()
    os.kill(int(before.split()[0]), signal.SIGKILL)
    eventually(lambda: (tmp_path / "worker").read_text() != before)
    eventually(lambda: "worker was ended by SIGKILL; starting it again in 0.5 s." in running.output())
