"""What the tests of the launcher share: an empty data folder, and waiting for a condition."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from journal.launch.home import Home

Eventually = Callable[[Callable[[], object]], None]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A data folder that is ready for use."""
    home = Home(tmp_path / "var")
    home.prepare()
    return home


@pytest.fixture
def eventually() -> Eventually:
    """Wait until a condition holds; fail if it doesn't within a minute: machines that are busy are slow."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, "this did not come true in time"
            time.sleep(0.02)

    return wait


@pytest.fixture
def is_gone() -> Callable[[int], bool]:
    """Tell whether a process has ended, reaped or not."""

    def ended(pid: int) -> bool:
        try:
            return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return True

    return ended
