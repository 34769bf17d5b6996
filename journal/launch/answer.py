"""Ask a part over TCP whether it is up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 2.0  # seconds for one question
PAUSE = 0.05  # seconds between two questions


async def ask(host: str, port: int, question: str) -> str:
    """Send a question and return the first line of the answer, empty if none comes in time."""
    try:
        return await asyncio.wait_for(_first_line(host, port, question.encode()), PATIENCE)
    except OSError:  # nobody listens, the line broke, or time was up: all of them mean "not yet"
        return ""


async def _first_line(host: str, port: int, question: bytes) -> str:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(question)
        return (await reader.readline()).decode(errors="replace").strip()
    finally:
        writer.close()


async def web_answers(host: str, port: int, name: str) -> bool:
    """Tell whether a web server answers a request for the site ``name`` with anything but its own failure."""
    status = await ask(host, port, f"GET /healthz HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n")
    return status.startswith("HTTP/") and not status.partition(" ")[2].startswith("5")


async def until(probe: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Ask again and again until the answer is yes; tell whether that happened within the time."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + seconds
    while not await probe():
        if clock() >= deadline:
            return False
        await asyncio.sleep(PAUSE)
    return True
