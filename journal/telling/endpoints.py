"""Where a push message may be sent: to public addresses alone, whatever a browser, or who plays one, names.

The address is checked twice: as it is written, when a browser subscribes, and as it resolves, at each sending.
"""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

LONGEST: Final = 1000
_LOCAL: Final = {"localhost", "local", "internal", "lan", "home", "corp", "arpa"}
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")


class Forbidden(Exception):
    """Nobody's push service lives there."""


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
