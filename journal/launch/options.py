"""What an operator may choose about a start, from the environment."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from journal.launch.refusal import RefusalError

DEFAULT_PORT = 8000


@dataclass(frozen=True)
class Options:
    """The choices of one start; ``redis_url`` is empty when Moodtide brings its own broker."""

    home: Path
    public_url: str
    bind: str
    port: int
    redis_url: str

    @classmethod
    def read(cls, environment: Mapping[str, str], root: Path) -> Options:
        """Read the choices, refusing those that can't be meant."""
        given = environment.get("PUBLIC_URL", "").rstrip("/")
        url = split(given or "http://localhost")
        port = read_port(environment.get("PORT", ""), url)
        open_to_all = url.scheme == "http" and not is_local(url.hostname or "")
        return cls(
            home=Path(environment.get("MOODTIDE_HOME") or root / "var").absolute(),
            public_url=given or f"http://localhost:{port}",
            bind=environment.get("BIND") or ("0.0.0.0" if open_to_all else "127.0.0.1"),  # noqa: S104
            port=port,
            redis_url=environment.get("REDIS_URL", ""),
        )

    def settings(self) -> dict[str, str]:
        """Return the choices as the site's settings read them."""
        return {"MOODTIDE_HOME": str(self.home), "PUBLIC_URL": self.public_url, "PORT": str(self.port)}


def split(public_url: str) -> SplitResult:
    """Take the public address apart."""
    url = urlsplit(public_url)
    if url.scheme not in {"http", "https"} or not url.hostname or not is_port(url):
        raise RefusalError(f"PUBLIC_URL is {public_url!r}, which is no address such as https://mood.example.org")
    return url


def is_port(url: SplitResult) -> bool:
    """Tell whether an address names a port that can be one, or none."""
    try:
        return url.port != 0
    except ValueError:
        return False


def read_port(given: str, url: SplitResult) -> int:
    """Return the port to listen on; that of an https address belongs to the proxy in front."""
    if not given:
        return url.port if url.port and url.scheme == "http" else DEFAULT_PORT
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise RefusalError(f"PORT is {given!r}, which is no number from 1 to 65535.")
    return int(given)


def is_local(host: str) -> bool:
    """Tell whether a host is this machine by name or by loopback address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
