"""How a push message leaves: to the very address that was checked, so that a name can't change its meaning between."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter

from journal.telling import endpoints


class Unknown(requests.ConnectionError):
    """The name leads nowhere just now."""


class _PinnedAdapter(HTTPAdapter):
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
    if not settings.PUSH_PRIVATE:
        session.mount("http://", _Closed())
        session.mount("https://", _PinnedAdapter())
    return session


class _Closed(HTTPAdapter):
    def send(self, *args: Any, **kwargs: Any) -> Any:
        raise endpoints.Forbidden("not https")
