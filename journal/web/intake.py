"""``POST /snapshots``: the shutter's door."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journal.accounts.refusal import Refused
from journal.accounts.request import PersonRequest
from journal.snapshots.intake import Arrival, take_in
from journal.snapshots.models import Snapshot

STATUS = {"no_consent": 403, "too_large": 413, "not_an_image": 415}


@login_required
@require_POST
def snapshots(request: PersonRequest) -> JsonResponse:
    try:
        snapshot, created = take_in(request.user, _arrival(request))
    except Refused as refused:
        error = {"code": refused.code, "message": str(refused)}
        return JsonResponse({"error": error}, status=STATUS.get(refused.code, 400))
    return JsonResponse(_answer(snapshot), status=201 if created else 200)


def _answer(snapshot: Snapshot) -> dict[str, str]:
    return {
        "id": str(snapshot.pk),
        "status": snapshot.status,
        "page": reverse("web:snapshot", args=[snapshot.pk]),
        "result": reverse("web:result", args=[snapshot.pk]),
    }


def _arrival(request: HttpRequest) -> Arrival:
    picture = request.FILES.get("picture")
    if picture is None:
        raise Refused("no_picture", _("No picture arrived. Please try once more."))
    return Arrival(
        client_id=_uuid(request.POST.get("client_id", "")),
        taken_at=_moment(request.POST.get("taken_at", "")),
        zone=request.POST.get("zone", ""),
        source=request.POST.get("source", Snapshot.Source.CAMERA),
        picture=picture.read(),
    )


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Refused("bad_client_id", _("This page is out of date. Please load it again.")) from error


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Refused("bad_time", _("The snapshot came without the time it was taken. Please try once more."))
    return moment
