"""What happens around every page: the first visit, and what browsers may keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from inference.image import MAX_BYTES
from journal.accounts.people import anybody_home
from journal.snapshots.intake import sentence

Respond = Callable[[HttpRequest], HttpResponse]

# What a form holds beside the picture.
FORM_AROUND: Final = 64 * 1024
# These answer before there is anybody: the supervisor asks the first, browsers report to the second.
OPEN_PATHS: Final = ("/healthz", "/csp-report")


class BodyLimitMiddleware:
    """Refuses a body that is longer than any picture may be, before anything reads it to look for a form's token."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "HTTP_TRANSFER_ENCODING" in request.META:
            # No browser sends a form without its length, and nobody could say how long this one gets.
            return HttpResponse(status=411)
        if int(request.META.get("CONTENT_LENGTH") or 0) <= MAX_BYTES + FORM_AROUND:
            return self.get_response(request)
        if request.path.startswith(reverse("admin:index")):
            return render(request, "413.html", status=413)
        error = {"code": "too_large", "message": sentence("too_large")}
        return JsonResponse({"error": error}, status=413)


class FirstOwnerMiddleware:
    """Leads every visit to the welcome page until somebody lives here."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        # Once there is somebody there is no need to ask again; a query a request would be spent for nothing.
        self.settled = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.settled or self._is_open(request.path):
            return self.get_response(request)
        self.settled = anybody_home()
        return self.get_response(request) if self.settled else redirect("web:welcome")

    @staticmethod
    def _is_open(path: str) -> bool:
        names = ("welcome", "privacy", "crisis", "manifest")
        return (
            path in OPEN_PATHS
            or path in [reverse(f"web:{name}") for name in names]
            or path.startswith(settings.STATIC_URL)
        )


class PersonalPagesMiddleware:
    """Keeps pages of somebody who is signed in out of every cache, the browser's own among them."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response
