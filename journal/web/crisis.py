"""Whom to call: for everybody, signed in or not, whether or not anything was noticed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from journal.accounts.models import User
from journal.accounts.zones import DEFAULT
from journal.web.crisis_lines import book, country_of_languages, country_of_zone


@never_cache
@require_safe
def crisis(request: HttpRequest) -> HttpResponse:
    """The lines of the visitor's country, which they can change."""
    found = book()
    chosen, sure = _chosen(request), "country" in request.GET or bool(_at_home(request))
    context = {
        "country": found.countries.get(chosen),
        "countries": found.countries.values(),
        "directories": found.directories,
        "guessed": not sure,
        # A browser's language says little about where it is; its script knows the device's time zone.
        "ask_device": not sure and "zone" not in request.GET,
    }
    return render(request, "web/crisis.html", context)


def _chosen(request: HttpRequest) -> str:
    """What they chose, else the country of the person's zone, of the device's zone, of the browser's language."""
    asked = request.GET.get("country", "").upper()
    if asked in book().countries or "country" in request.GET:
        return asked
    return (
        _at_home(request)
        or country_of_zone(request.GET.get("zone", ""))
        or country_of_languages(request.headers.get("Accept-Language", ""))
    )


def _at_home(request: HttpRequest) -> str:
    """Of somebody who is signed in; a zone that nobody chose says nothing."""
    if not isinstance(request.user, User) or request.user.profile.zone == DEFAULT:
        return ""
    return country_of_zone(request.user.profile.zone)
