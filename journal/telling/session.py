"""How a push message leaves: to the very address that was checked, so that a name can't change its meaning between."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Timer
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from journal.telling import endpoints

# For a whole attempt. The usual time limits are for each piece that comes: who sends a letter now and then never
# reaches them.
LONGEST: Final = 20.0  # seconds


class Unknown(requests.ConnectionError):
    """The name leads nowhere just now."""


class _Patience:
    """A connection that is cut when it has been open too long, in whatever state it is."""

    _alarm: Timer | None = None
    _handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        opened: socket.socket = super()._new_conn()  # type: ignore[misc]  # the connection that this is mixed into
        # Through a handle of its own: TLS takes over the other one, and its number may be another file's by then.
        self._handle = opened.dup()
        self._alarm = Timer(LONGEST, _cut, [self._handle])
        self._alarm.daemon = True
        self._alarm.start()
        return opened

    def close(self) -> None:
        if self._alarm and self._handle:
            self._alarm.cancel()
            self._handle.close()
        super().close()  # type: ignore[misc]


def _cut(handle: socket.socket) -> None:
    with suppress(OSError), handle:  # the other side was first
        handle.shutdown(socket.SHUT_RDWR)


class _Connection(_Patience, HTTPConnection):
    pass


class _SecureConnection(_Patience, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    """Waits for nobody longer than ``LONGEST``."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _PinnedAdapter(_Adapter):
    """Connects to the address that was checked, and holds its certificate against the name that was asked for."""

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        name = str(host["host"])
        try:
            host["host"] = endpoints.resolve(name, int(host.get("port") or 443))
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
    if settings.PUSH_PRIVATE:
        session.mount("http://", _Adapter())
        session.mount("https://", _Adapter())
    else:
        session.mount("http://", _Closed())
        session.mount("https://", _PinnedAdapter())
    return session


class _Closed(HTTPAdapter):
    def send(self, *args: Any, **kwargs: Any) -> Any:
        raise endpoints.Forbidden("not https")
