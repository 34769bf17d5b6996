"""The journal: every snapshot, by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from journal.accounts.models import User
from journal.snapshots.models import Snapshot
from journal.web.own import own_snapshots
from journal.web.present import Entry, entry

PAGE = 50


@dataclass(frozen=True)
class Day:
    date: date
    entries: list[Entry]


@login_required
@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    # Where nobody could be read there is nothing to remember; Today says so on the day itself.
    rows = own_snapshots(request.user).exclude(status=Snapshot.Status.NO_FACE).order_by("-local_date", "-taken_at")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "web/journal.html", {"days": _by_day(page.object_list), "page_obj": page})


def _by_day(rows: Iterable[Snapshot]) -> list[Day]:
    days = groupby(rows, key=lambda row: row.local_date)
    return [Day(day, [entry(row) for row in of_day]) for day, of_day in days]
