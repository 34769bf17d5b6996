"""Today: what was read today, and the way to the camera."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from journal.accounts.consent import needs_asking, standing
from journal.accounts.models import Purpose
from journal.accounts.request import PersonRequest
from journal.downswings.standing import banner
from journal.moods.streak import run_of
from journal.readings.presence import presence
from journal.snapshots.days import today_of
from journal.web import timeline
from journal.web.checkin_form import form_context
from journal.web.checkins import UNDO


@login_required
@require_GET
def today(request: PersonRequest) -> HttpResponse:
    choices = standing(request.user)
    day = today_of(request.user)
    entries = timeline.today(request.user)
    context = {
        "day": day,
        "entries_today": entries,
        "latest": timeline.latest_reading(entries),
        "camera_consent": choices[Purpose.CAMERA],
        "has_chosen": choices[Purpose.CAMERA] or not needs_asking(request.user),
        "worker": presence().value,
        "run": run_of(request.user, day),
        "downswing": banner(request.user),
        "undo": request.session.pop(UNDO, None),
        **form_context(request.user, None),
    }
    return render(request, "web/today.html", context)
