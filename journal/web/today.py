"""Today: what was read today, and the way to the camera."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from journal.accounts.consent import needs_asking, standing
from journal.accounts.models import Purpose, User
from journal.readings.presence import presence
from journal.snapshots.days import local_date
from journal.web.own import own_snapshots
from journal.web.present import entry


@login_required
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    profile = request.user.profile
    choices = standing(request.user)
    day = local_date(timezone.now(), profile.zone, profile.day_start)
    # On a journey a device may be a day ahead of the zone at home.
    entries = [entry(row) for row in own_snapshots(request.user).filter(local_date__gte=day)]
    context = {
        "day": day,
        "entries_today": entries,
        "latest": next((e for e in entries if e.state == "read"), None),
        "camera_consent": choices[Purpose.CAMERA],
        "has_chosen": not needs_asking(request.user),
        "worker": presence().value,
    }
    return render(request, "web/today.html", context)
