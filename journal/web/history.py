"""History: charts over days and years, their numbers, and the day behind each."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from inference.emotions import EMOTIONS
from journal.accounts.models import User
from journal.moods import history, patterns, tags
from journal.moods.history import Grain, Series, Span
from journal.registry.history import switches
from journal.snapshots.days import local_date
from journal.web import timeline

DAY: Final = timedelta(days=1)
EARLIEST: Final = date(1990, 1, 1)
RANGES: Final = {"2w": 14, "3m": 91, "1y": 365, "all": None}
USUALLY: Final = "3m"
# What travels: whole thousandths, which no chart can show finer.
SCALE: Final = 1000


@login_required
@require_GET
def charts(request: HttpRequest) -> HttpResponse:
    """The page; where scripts are off, its drawn numbers."""
    user, span = _asked(request)
    plain = history.series(user, span, Grain.DAY if span.grain() is Grain.HOUR else None)
    context = {
        "span": span,
        "chosen": request.GET.get("range", USUALLY),
        "emotions": EMOTIONS,
        "plain": plain,
        "plain_dots": list(_dots(plain, span)),
        "plain_switches": [_across(date.fromisoformat(day), span) for day, _name in _switches(user, span)],
        "today": _today(user),
    }
    return render(request, "web/history.html", context)


@login_required
@require_GET
def data(request: HttpRequest) -> JsonResponse:
    """The series of a span, packed column by column."""
    user, span = _asked(request)
    packed = _packed(history.series(user, span, _grain(request, span)))
    return JsonResponse(packed | {"switches": _switches(user, span)})


@login_required
@require_GET
def calendar(request: HttpRequest) -> JsonResponse:
    assert isinstance(request.user, User)
    days = history.calendar(request.user)
    return JsonResponse({"days": [[day, _whole(value), int(said)] for day, value, said in days], "scale": SCALE})


@login_required
@require_GET
def when_and_what(request: HttpRequest) -> JsonResponse:
    """Weekday by hour, and tags against valence."""
    assert isinstance(request.user, User)
    named = {tag.id: tag for tag in tags.all_tags(request.user)}
    cells = [[cell.weekday, cell.hour, _whole(cell.valence), cell.count] for cell in patterns.when(request.user)]
    goes = [
        {
            "name": named[found.tag].name,
            "days": found.days,
            "difference": _whole(found.difference),
            "low": _whole(found.low),
            "high": _whole(found.high),
            "chance": found.could_be_chance,
        }
        for found in patterns.what_goes_with(request.user)
        if found.tag in named
    ]
    return JsonResponse({"when": cells, "goes": goes, "few": patterns.FEW, "scale": SCALE})


@login_required
@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers of the charts over time as a CSV file."""
    user, span = _asked(request)
    found = history.series(user, span, _grain(request, span))
    name = f"moodtide-{span.start}-{span.end}-{found.grain}.csv"
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    csv.writer(answer).writerows(_rows(found))
    return answer


@login_required
@require_GET
def day(request: HttpRequest, wanted: date) -> HttpResponse:
    """Everything that one day holds."""
    assert isinstance(request.user, User)
    if not EARLIEST <= wanted <= _today(request.user):
        raise Http404
    dates = timeline.dates(request.user)
    context = {
        "day": timeline.days(request.user, [wanted])[0],
        "earlier": max((found for found in dates if found < wanted), default=None),
        "later": min((found for found in dates if found > wanted), default=None),
    }
    return render(request, "web/day.html", context)


def _dots(found: Series, span: Span) -> Iterator[dict[str, float]]:
    """Where each day's valence stands in a drawing 100 wide and 40 high."""
    for point in found.points:
        if point.valence is not None:
            yield {"x": _across(date.fromisoformat(point.at), span), "y": 20 - 18 * point.valence}


def _across(day: date, span: Span) -> float:
    """Where a day stands in a drawing 100 wide."""
    return 1 + 98 * max((day - span.start).days, 0) / max((span.end - span.start).days, 1)


def _switches(user: User, span: Span) -> list[tuple[str, str]]:
    """The person's days on which another model began to read, and its name."""
    zone, day_start = user.profile.zone, user.profile.day_start
    end = min(span.end, _today(user))
    around = [datetime.combine(day, time(), UTC) for day in (span.start - DAY, end + 2 * DAY)]
    found = [(local_date(at, zone, day_start), name) for at, name in switches(*around)]
    return [(day.isoformat(), name) for day, name in found if span.start <= day <= span.end]


def _rows(found: Series) -> Iterator[Sequence[Any]]:
    yield ["at", *EMOTIONS, "valence", "valence_from"]
    for point in found.points:
        mixture = [f"{share:.4f}" for share in point.mixture] if point.mixture else [""] * len(EMOTIONS)
        value = "" if point.valence is None else f"{point.valence:.4f}"
        yield [point.at, *mixture, value, "" if point.valence is None else "said" if point.said else "camera"]


def _packed(found: Series) -> dict[str, Any]:
    points = found.points
    return {
        "grain": found.grain,
        "scale": SCALE,
        "at": [point.at for point in points],
        "mixture": [[_whole(share) for share in point.mixture] if point.mixture else None for point in points],
        "valence": _wholes(point.valence for point in points),
        "said": [int(point.said) for point in points],
        "smooth": _wholes(found.smooth),
        "usual": _wholes(found.usual) if found.usual else None,
    }


def _wholes(values: Iterable[float | None]) -> list[int | None]:
    return [None if value is None else _whole(value) for value in values]


def _whole(value: float) -> int:
    return round(value * SCALE)


def _asked(request: HttpRequest) -> tuple[User, Span]:
    """Who asks, and for which days: by dates, or by a range that ends today."""
    assert isinstance(request.user, User)
    today = _today(request.user)
    start, end = _date(request, "from"), _date(request, "to") or today
    if start is None:
        length = RANGES.get(request.GET.get("range", USUALLY), RANGES[USUALLY])
        start = end - timedelta(days=length - 1) if length else _first(request.user, end)
    return request.user, Span(min(start, end), max(start, end))


def _date(request: HttpRequest, name: str) -> date | None:
    try:
        found = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return max(found, EARLIEST)


def _first(user: User, otherwise: date) -> date:
    return min(timeline.dates(user), default=otherwise)


def _today(user: User) -> date:
    return local_date(timezone.now(), user.profile.zone, user.profile.day_start)


def _grain(request: HttpRequest, span: Span) -> Grain:
    """The grain that was asked for, as long as it isn't finer than the span bears."""
    try:
        wanted = Grain(request.GET.get("grain", ""))
    except ValueError:
        return span.grain()
    order = list(Grain)
    return wanted if order.index(wanted) >= order.index(span.grain()) else span.grain()
