"""The same work on many parts, some of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

import torch

Part = TypeVar("Part")
Result = TypeVar("Result")


class Spread:
    """Gives parts to ``threads`` threads, and their results back in order; with one thread it does them itself.

    torch's own threads divide one operation, and here most take a tenth of a millisecond: less than it costs to
    wake a thread and wait for it. So each of these has one of torch's threads, and whoever spreads work gives torch no
    more elsewhere (``torch.set_num_threads(1)``). Raises ``ValueError`` for less than one thread.
    """

    def __init__(self, threads: int = 1) -> None:
        if threads < 1:
            raise ValueError(f"{threads} threads can't do anything; one is the least.")
        self.threads = threads
        self._pool = (
            ThreadPoolExecutor(threads, "reading", initializer=torch.set_num_threads, initargs=(1,))
            if threads > 1
            else None
        )

    def __call__(self, work: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
        """``work`` on each part. What a part raises is raised here, once none of them is worked on any more."""
        if self._pool is None or len(parts) < 2:
            return [work(part) for part in parts]
        futures = [self._pool.submit(work, part) for part in parts]
        wait(futures)
        return [future.result() for future in futures]
