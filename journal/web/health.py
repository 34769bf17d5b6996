"""Is the site up, and did a browser refuse something under the content security policy?"""

from __future__ import annotations

import structlog
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

log = structlog.get_logger(__name__)
LONGEST_REPORT = 4096


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@csrf_exempt  # the browser itself sends it, without a token
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    log.warning("csp_report", report=request.body[:LONGEST_REPORT].decode(errors="replace"))
    return HttpResponse(status=204)
