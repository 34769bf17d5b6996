"""A mail server that takes letters, or says no in the way a test wants."""

from __future__ import annotations

import email
import email.policy
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from threading import Thread
from typing import Any, cast


@dataclass
class MailServer:
    """``recipient`` and ``data`` are what it says to a recipient and to a letter; ``hang_up`` ends it mid-letter."""

    port: int = 0
    recipient: str = "250 OK"
    data: str = "250 taken"
    hang_up: bool = False
    letters: list[EmailMessage] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    """One conversation."""

    server: _Server

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            if not self._answer(line.upper()):
                return

    def _answer(self, line: bytes) -> bool:
        """Answer one line; False once there is nothing more to say."""
        if line.startswith(b"QUIT"):
            self._say("221 bye")
            return False
        if line.startswith(b"DATA"):
            return self._take()
        self._say(self.server.state.recipient if line.startswith(b"RCPT") else "250 OK")
        return True

    def _take(self) -> bool:
        self._say("354 go on")
        lines, state = [], self.server.state
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        if state.hang_up:
            return False
        if state.data.startswith("2"):
            letter = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
            state.letters.append(cast(EmailMessage, letter))
        self._say(state.data)
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    def __init__(self, state: MailServer) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.state = state


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run one on a free port of this machine."""
    state = MailServer()
    with _Server(state) as server:
        state.port = server.server_address[1]
        Thread(target=server.serve_forever, daemon=True).start()
        yield state
        server.shutdown()


def use(server: MailServer, settings: Any) -> None:
    """Send by this server, through the settings that an operator would use."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
