"""Where a push message may be sent: to public addresses alone, whatever a browser, or who plays one, names.

The address is checked twice: as it is written when a browser subscribes, and as it resolves at each sending, where the
connection then goes to the very address that was checked, so that a name can't change its meaning in between.
"""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter

LONGEST: Final = 1000
_LOCAL: Final = {"localhost", "local", "internal", "lan", "home", "corp", "arpa"}
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")


class Forbidden(Exception):
    """Nobody's push service lives there."""


class Unknown(requests.ConnectionError):
    """The name leads nowhere just now."""


def check(endpoint: str) -> None:
    """Raise ``Forbidden`` for what can't be a push service's address."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        raise Forbidden("not an address")
    try:
        url = urlsplit(endpoint)
        port = url.port
    except ValueError as error:
        raise Forbidden("not an address") from error
    if url.username or url.password or not url.hostname or url.fragment or "[" in url.netloc:
        raise Forbidden("not an address")
    if settings.PUSH_PRIVATE:
        if url.scheme not in ("https", "http"):
            raise Forbidden("neither https nor http")
        return
    if url.scheme != "https" or port not in (None, 443):
        raise Forbidden("not https at its usual port")
    _check_name(url.hostname)


def _check_name(host: str) -> None:
    if _is_address(host):
        if not is_public(host):
            raise Forbidden("a private address")
    elif "." not in host.rstrip(".") or host.rstrip(".").rpartition(".")[2] in _LOCAL:
        raise Forbidden("a local name")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether an IP address is anybody's on the open internet, and not one that stands for another."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        return ip in _GLOBAL_UNICAST and ip.is_global and ip.sixtofour is None and ip.teredo is None
    return ip.is_global and not ip.is_multicast


def resolve(host: str, port: int) -> str:
    """The public IP address of a host, an IPv4 one if there is any; raise ``Forbidden`` if one of them is private.

    Raises ``OSError`` where the name is unknown.
    """
    found = {str(place[0]) for *_rest, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if not all(is_public(address) for address in found):
        raise Forbidden("it leads to a private address")
    return min(found, key=lambda address: (":" in address, address))


class _PinnedAdapter(HTTPAdapter):
    """Connects to the address that was checked, and holds its certificate against the name that was asked for."""

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        name = str(host["host"])
        try:
            host["host"] = resolve(name, int(host.get("port") or 443))
        except OSError as error:
            raise Unknown(request=request) from error
        return host, pool | {"server_hostname": name, "assert_hostname": name}

    def add_headers(self, request: Any, **kwargs: Any) -> None:
        request.headers["Host"] = urlsplit(str(request.url)).netloc


def open_session() -> requests.Session:
    """A session that reaches public addresses alone, over TLS; any where ``PUSH_PRIVATE`` is set."""
    session = requests.Session()
    # No proxy, and no password file: both would be taken from this machine's environment.
    session.trust_env = False
    if not settings.PUSH_PRIVATE:
        session.mount("http://", _Closed())
        session.mount("https://", _PinnedAdapter())
    return session


class _Closed(HTTPAdapter):
    def send(self, *args: Any, **kwargs: Any) -> Any:
        raise Forbidden("not https")
