"""The signals that ask a program to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable


def on_request_to_stop(interrupted: Callable[[], None]) -> None:
    """Have the running loop call ``interrupted`` at Ctrl-C, at SIGTERM, and when the terminal closes."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    # Whoever starts us with nohup wants us to outlive the terminal.
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    for number in numbers:
        asyncio.get_running_loop().add_signal_handler(number, interrupted)
