"""Work on many parts, some at a time."""

from __future__ import annotations

import threading

import pytest
import torch

from inference.spread import Spread


@pytest.mark.parametrize("threads", [1, 3])
def test_results_come_back_in_order(threads: int) -> None:
    assert Spread(threads)(lambda number: number * 10, range(4)) == [0, 10, 20, 30]


def test_as_many_parts_at_a_time_as_there_are_threads() -> None:
    """Each waits until the other is there too: one after the other they would wait for ever."""
    both = threading.Barrier(2, timeout=10)
    assert sorted(Spread(2)(lambda _: both.wait(), range(2))) == [0, 1]


def test_one_thread_is_the_callers_own() -> None:
    assert Spread()(lambda _: threading.get_ident(), range(2)) == [threading.get_ident()] * 2


def test_what_a_part_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        Spread(2)(lambda part: 1 / part, [1, 0])


def test_nothing_is_worked_on_any_more_when_it_raises() -> None:
    """Whoever watches over the work may stop watching then."""
    raised, finished = threading.Event(), threading.Event()

    def work(part: int) -> None:
        if part == 0:
            raised.set()
            raise ValueError("broken")
        raised.wait(10)
        finished.set()

    with pytest.raises(ValueError, match="broken"):
        Spread(2)(work, range(2))
    assert finished.is_set()


def test_less_than_one_thread_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="0 threads"):
        Spread(0)


def test_each_thread_has_one_of_torchs() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        assert Spread(2)(lambda _: torch.get_num_threads(), range(2)) == [1, 1]
    finally:
        torch.set_num_threads(before)
