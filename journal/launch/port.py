"""Ports of this machine: is one free, which one is."""

from __future__ import annotations

import errno
import socket

from journal.launch.refusal import RefusalError

REASONS = {errno.EADDRINUSE: "is already in use", errno.EACCES: "is not for this user to listen on"}


def require_free(bind: str, port: int) -> None:
    """Refuse if the web server could not listen on the port."""
    try:
        take_briefly(bind, port)
    except OSError as error:
        reason = REASONS.get(error.errno or 0)
        if reason is None:
            raise RefusalError(f"BIND is {bind!r}, where nothing can listen: {error.strerror}.") from error
        another = port + 10 if port in range(1024, 65526) else 8010
        raise RefusalError(f"Port {port} {reason}. Choose another: PORT={another} make run") from error


def take_briefly(bind: str, port: int) -> None:
    """Take a port for a moment, as the web server will for long."""
    family, kind, protocol, _, address = socket.getaddrinfo(bind, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)


def free_loopback_port() -> int:
    """Return a port on which nobody listens at 127.0.0.1 at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
