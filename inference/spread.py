"""The same work on many parts, some of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

Part = TypeVar("Part")
Result = TypeVar("Result")


class Spread:
    """Gives parts to ``threads`` threads, and their results back in order; with one thread it does them itself.

    torch's own threads divide one operation, and here most take a tenth of a millisecond: less than it costs to
    wake a thread and wait for it. Whoever spreads work gives torch one thread (``torch.set_num_threads(1)``).
    """

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="reading") if threads > 1 else None

    def __call__(self, work: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
        """``work`` on each part. What a part raises is raised here."""
        if self._pool is None or len(parts) < 2:
            return [work(part) for part in parts]
        return list(self._pool.map(_without_gradients, [work] * len(parts), parts))


def _without_gradients(work: Callable[[Part], Result], part: Part) -> Result:
    """torch remembers this mode for each thread by itself."""
    with torch.inference_mode():
        return work(part)
