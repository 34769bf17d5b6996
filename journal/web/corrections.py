"""The person's answer to a reading."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journal.accounts.request import PersonRequest
from journal.moods.corrections import UnknownEmotion, answer
from journal.snapshots import retention
from journal.web.fetch import by_fetch
from journal.web.own import own_snapshot
from journal.web.present import champion_reading
from journal.web.result import fragment


@login_required
@require_POST
def correct(request: PersonRequest, pk: UUID) -> HttpResponse:
    snapshot = own_snapshot(request.user, pk)
    reading = champion_reading(snapshot)
    if reading is None:
        raise Http404
    try:
        answer(reading, request.POST.get("felt_right") == "yes", request.POST.getlist("emotions"))
    except UnknownEmotion as error:
        return HttpResponseBadRequest(_("Moodtide doesn't know this emotion: %s") % error, content_type="text/plain")
    if by_fetch(request):
        return fragment(request, own_snapshot(request.user, pk))
    messages.success(request, _("Thank you. What you said is kept, and it counts for more than the camera."))
    return redirect("web:snapshot", pk)


@login_required
@require_POST
@transaction.atomic
def discard(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Delete snapshot and reading at once."""
    retention.discard(own_snapshot(request.user, pk))
    if by_fetch(request):
        return HttpResponse(status=204)
    messages.success(request, _("Discarded. The snapshot and what was read from it are gone."))
    return redirect("web:journal")
