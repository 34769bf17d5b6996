"""Browsers open themselves to messages here, and fetch the script that shows them."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from journal.accounts.refusal import Refused
from journal.accounts.request import PersonRequest
from journal.telling import browsers

SCRIPT = "web/build/service-worker.js"


@login_required
@require_POST
def add(request: PersonRequest) -> JsonResponse:
    """Keep the subscription that this browser was given by its maker's service."""
    name = browsers.name_of(request.headers.get("User-Agent", ""))
    try:
        row = browsers.add(request.user, *_subscription(request), name=name)
    except Refused as refused:
        return _refusal(refused)
    return JsonResponse({"id": str(row.pk)})


@csrf_exempt  # a service worker has no form's token; the old address, which nobody else knows, is asked for instead
@require_POST
def renew(request: HttpRequest) -> JsonResponse:
    """Keep the subscription by which this browser replaced its old one."""
    try:
        known = browsers.renew(request.POST.get("old", ""), *_subscription(request))
    except Refused as refused:
        return _refusal(refused)
    return JsonResponse({}, status=200 if known else 404)


def _subscription(request: HttpRequest) -> tuple[str, str, str]:
    return request.POST.get("endpoint", ""), request.POST.get("p256dh", ""), request.POST.get("auth", "")


def _refusal(refused: Refused) -> JsonResponse:
    return JsonResponse({"error": {"code": refused.code, "message": str(refused)}}, status=400)


@login_required
@require_POST
def remove(request: PersonRequest, pk: UUID) -> HttpResponse:
    if not browsers.remove(request.user, pk):
        raise Http404
    messages.success(request, _("Removed. Nothing is sent there any more."))
    return redirect("web:reminders")


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script behind notifications. It holds nothing of anybody, and serves no page."""
    found = finders.find(SCRIPT)
    if not found:
        raise Http404
    script = Path(str(found)).read_bytes()
    # Asked for anew each time: a browser keeps running the one that it has.
    return HttpResponse(script, content_type="text/javascript", headers={"Cache-Control": "no-cache"})
