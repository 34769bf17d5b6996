"""Whether a page's own script asks, rather than the browser on its way to another page."""

from __future__ import annotations

from django.http import HttpRequest


def by_fetch(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
