"""The capture page, and whether anybody is there to read."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from journal.accounts.consent import holds
from journal.accounts.models import Purpose
from journal.accounts.request import PersonRequest
from journal.readings.presence import presence


@login_required
@require_GET
def capture(request: PersonRequest) -> HttpResponse:
    context = {
        "camera_consent": holds(request.user, Purpose.CAMERA),
        "interval": request.user.profile.capture_interval,
        "upload_url": reverse("web:snapshots"),
        "worker": presence().value,
    }
    return render(request, "web/capture.html", context)


@login_required
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    return render(request, "web/_worker.html", {"worker": presence().value})
