"""One snapshot: its page, its result as a fragment, and its picture where that is kept."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from journal.accounts.request import PersonRequest
from journal.accounts.seal import SealBroken
from journal.readings.presence import Presence, presence
from journal.snapshots import pictures
from journal.snapshots.models import Snapshot
from journal.web.own import own_snapshot
from journal.web.present import result_context

log = structlog.get_logger(__name__)


@login_required
@require_GET
def snapshot(request: PersonRequest, pk: UUID) -> HttpResponse:
    return render(request, "web/snapshot.html", _context(own_snapshot(request.user, pk)))


@login_required
@require_GET
def result(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The fragment; 202 while the snapshot still waits."""
    return fragment(request, own_snapshot(request.user, pk))


@login_required
@require_GET
def picture(request: PersonRequest, pk: UUID) -> HttpResponse:
    row = own_snapshot(request.user, pk)
    if not row.picture:
        raise Http404
    try:
        jpeg = pictures.look(request.user, str(row.pk), row.picture)
    except (SealBroken, FileNotFoundError) as error:
        log.error("picture_lost", snapshot=str(row.pk), error=str(error))
        raise Http404 from error
    return HttpResponse(jpeg, content_type="image/jpeg")


def fragment(request: HttpRequest, row: Snapshot) -> HttpResponse:
    return render(request, "web/_result.html", _context(row), status=202 if row.waiting else 200)


def _context(row: Snapshot) -> dict[str, object]:
    # Only a waiting snapshot depends on the worker; nothing else needs to ask the broker.
    return result_context(row, presence() if row.waiting else Presence.READY)
