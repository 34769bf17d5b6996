"""Is the site up, and did a browser refuse something under the content security policy?"""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import urlsplit

import structlog
from allauth.core import ratelimit
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

log = structlog.get_logger(__name__)
LONGEST_REPORT: Final = 16_384
LONGEST_WORD: Final = 120
HOUR: Final = 3600


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@csrf_exempt  # the browser itself sends it, without a token
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """One line a report, as long as they don't come in floods: then one line an hour says that they do."""
    report = _report(request.body)
    if report is None:
        return HttpResponse(status=400)
    if ratelimit.consume(request, action="csp_report", key="site"):
        log.warning("csp_report", **report)
    elif cache.add("csp_reports_dropped", True, HOUR):
        log.warning("csp_reports_dropped")
    return HttpResponse(status=204)


def _report(body: bytes) -> dict[str, str] | None:
    """What a report says that may stand in a log: anybody can send one, and an address may hold somebody's link."""
    try:
        told = json.loads(body[:LONGEST_REPORT])["csp-report"]
        directive, blocked, page = (
            str(told.get(key, "")) for key in ("violated-directive", "blocked-uri", "document-uri")
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return {"directive": directive[:LONGEST_WORD], "blocked": _origin(blocked), "page": _page(page)}


def _origin(address: str) -> str:
    """Whose an address is, or the one word that stands in its place, such as inline."""
    try:
        parts = urlsplit(address)
        word = parts.scheme or parts.path.partition("/")[0]
        origin = f"{parts.scheme}://{parts.hostname}" if parts.hostname else word
    except ValueError:
        return ""
    return origin[:LONGEST_WORD]


def _page(address: str) -> str:
    """Which of the site's pages an address is of, without what is particular about it."""
    try:
        return resolve(urlsplit(address).path).view_name
    except (Resolver404, ValueError):
        return ""
