"""What a worker may grow by before it gives memory back."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Final

import psutil

# Pictures of many sizes leave gaps that malloc keeps for later; a worker that reads for days would collect them. Giving
# back costs the next pictures a few page faults, so it isn't done for less.
MORE: Final = 192 * 2**20  # bytes


class Allowance:
    """Remembers what the process holds when it is warm, and gives back what lies idle once it holds much more."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._trim = _malloc_trim()
        self._most = self._held() + MORE

    def keep(self) -> bool:
        """Give back, if it is time to; True if it was."""
        if self._held() <= self._most:
            return False
        self._trim()
        # What is in use may have grown for good, and then trimming after every picture would bring nothing.
        self._most = max(self._most, self._held() + MORE // 2)
        return True

    def _held(self) -> int:
        return int(self._process.memory_info().rss)


def _malloc_trim() -> Callable[[], object]:
    """glibc's own; other systems' malloc gives back by itself or not at all."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return (lambda: trim(0)) if trim else (lambda: None)
