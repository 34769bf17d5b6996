"""Work on many parts, some at a time."""

from __future__ import annotations

import threading
import time

import pytest
import torch

from inference.spread import Spread


@pytest.mark.parametrize("threads", [1, 3])
def test_results_come_back_in_order(threads: int) -> None:
    def slow_at_first(number: int) -> int:
        time.sleep(0.02 * (3 - number))
        return number * 10

    assert Spread(threads)(slow_at_first, range(4)) == [0, 10, 20, 30]


def test_as_many_parts_at_a_time_as_there_are_threads() -> None:
    """Each waits until the other is there too: one after the other they would wait for ever."""
    both = threading.Barrier(2, timeout=10)
    assert sorted(Spread(2)(lambda _: both.wait(), range(2))) == [0, 1]


def test_one_thread_is_the_callers_own() -> None:
    assert Spread()(lambda _: threading.get_ident(), range(2)) == [threading.get_ident()] * 2


def test_what_a_part_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        Spread(2)(lambda part: 1 / part, [1, 0])


def test_nothing_is_remembered_for_gradients() -> None:
    assert Spread(2)(lambda _: torch.is_inference_mode_enabled(), range(2)) == [True, True]
