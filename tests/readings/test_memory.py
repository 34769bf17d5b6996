"""A worker gives memory back once it holds much more than when it was warm, and not before."""

from __future__ import annotations

import pytest

from journal.readings import memory
from journal.readings.memory import MORE, Allowance


class Held:
    """A process that holds what the test says."""

    def __init__(self) -> None:
        self.rss = 100 * 2**20
        self.trimmed = 0
        self.after = self.rss

    def memory_info(self) -> Held:
        return self

    def trim(self) -> None:
        self.trimmed += 1
        self.rss = self.after


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    held = Held()
    monkeypatch.setattr(memory.psutil, "Process", lambda: held)
    monkeypatch.setattr(memory, "_malloc_trim", lambda: held.trim)
    return held


def test_it_gives_back_what_lies_idle(held: Held) -> None:
    allowance, warm = Allowance(), held.rss
    held.rss = warm + MORE
    assert not allowance.keep()
    held.rss = warm + MORE + 1
    assert allowance.keep()
    assert (held.trimmed, held.rss) == (1, warm)
    assert not allowance.keep()


def test_what_is_in_use_for_good_is_not_trimmed_again_and_again(held: Held) -> None:
    allowance = Allowance()
    held.rss = held.after = held.rss + 2 * MORE
    assert allowance.keep()
    assert not allowance.keep()
    assert held.trimmed == 1


def test_the_systems_own_trim_can_be_called() -> None:
    """glibc says whether there was anything to give back; elsewhere there is nothing to call."""
    assert memory._malloc_trim()() in (0, 1, None)
