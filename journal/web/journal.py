"""The journal: every snapshot and check-in, by day."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from journal.accounts.request import PersonRequest
from journal.moods import search
from journal.web import timeline

DAYS_A_PAGE = 14


@login_required
@require_GET
def journal(request: PersonRequest) -> HttpResponse:
    if looked_for := request.GET.get("q", "").strip():
        found = timeline.days_of(request.user, search.find(request.user, looked_for))
        return render(request, "web/journal.html", {"days": found, "looked_for": looked_for, "most": search.MOST})
    page = Paginator(timeline.dates(request.user), DAYS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "web/journal.html", {"days": timeline.days(request.user, page), "page_obj": page})
