"""The page about being lower than usual: what was noticed and how sure that is, and what may help now."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from journal.accounts.models import User
from journal.accounts.request import PersonRequest
from journal.downswings import choices, helping
from journal.downswings.costs import COSTS
from journal.downswings.days import points_of
from journal.downswings.models import Downswing, Sensitivity, Watch
from journal.downswings.standing import Where, low_spans, standing
from journal.downswings.stretches import evidence
from journal.downswings.support import better_days
from journal.snapshots.days import today_of
from journal.web import downswing_chart as drawing
from journal.web.markdown import to_html

EARLIER: Final = 12  # past stretches that the page lists


@login_required
@require_GET
def page(request: PersonRequest) -> HttpResponse:
    """With the feature off: what it would do. With it on: where the person stands."""
    watch = Watch.objects.filter(user=request.user, on=True).first()
    context = {"lines": helping.lines(request.user), "longest": helping.LONGEST}
    context |= _seen(request.user, watch) if watch else {"costs": costs()}
    return render(request, "web/downswing.html", context)


@login_required
@require_GET
def data(request: PersonRequest) -> JsonResponse:
    """What the page's script draws."""
    user, today = request.user, today_of(request.user)
    watch = Watch.objects.filter(user=user, on=True).first()
    points = drawing.shown(points_of(user, watch, today), today) if watch else []
    spans = low_spans(user, points[0].date, today) if points else []
    return JsonResponse(drawing.packed(points, drawing.said_days(user.pk, points), spans))


def costs() -> list[dict[str, Any]]:
    """Each sensitivity with what it costs."""
    return [{"value": one.value, "label": one.label, "cost": COSTS[one]} for one in Sensitivity]


def _seen(user: User, watch: Watch) -> dict[str, Any]:
    today = today_of(user)
    points = points_of(user, watch, today)
    stands = Downswing.objects.filter(user=user, stands=True)
    row = stands.filter(end=None).order_by("-start").first()
    where = standing(points, today, low=row is not None)
    recent = drawing.shown(points, today)
    spans = low_spans(user, recent[0].date, today) if recent else []
    better = better_days(user, points, row.start if row else today)
    return {
        "watch": watch,
        "today": today,
        "standing": where,
        "row": row if where.where is Where.LOW else None,
        "now": evidence(points) if row and points else None,
        "cost": COSTS[Sensitivity(watch.sensitivity)],
        "better": better,
        "better_notes": [{"day": noted.day, "html": to_html(noted.text)} for noted in better.notes],
        "earlier": stands.exclude(end=None).order_by("-start")[:EARLIER],
        "hits": choices.hit_rate(user),
        "plain": drawing.plain(recent, spans, today),
        "table": drawing.table(recent, spans),
    }
