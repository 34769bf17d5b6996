"""History: charts over days and years, their numbers, and the day behind each."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.dates import WEEKDAYS_ABBR
from django.views.decorators.http import require_GET

from journal.accounts.request import PersonRequest
from journal.downswings.standing import banner
from journal.moods import history, patterns
from journal.moods.history import Grain, Series
from journal.snapshots.days import today_of
from journal.web import marks, plain, sheets, timeline
from journal.web.spans import EARLIEST, Asked, asked

# What travels: whole thousandths, which no chart can show finer.
SCALE: Final = 1000
# A drawing carries its own colours, by day and by night, and nothing else that could run.
DRAWING: Final = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
# More areas than this side by side are noise; then weeks are drawn, or months.
MOST_AREAS: Final = 240


@login_required
@require_GET
def charts(request: PersonRequest) -> HttpResponse:
    """The page; its numbers are fetched by its script, or drawn as pictures where scripts are off."""
    wanted = asked(request)
    context = {
        "asked": wanted,
        "downswing": banner(wanted.user),
        "earliest": EARLIEST,
        "today": today_of(wanted.user),
    }
    return render(request, "web/history.html", context)


@login_required
@require_GET
def data(request: PersonRequest) -> JsonResponse:
    """The series of a span, packed column by column."""
    wanted = asked(request)
    across = {"low": marks.low(wanted), "switches": marks.switches(wanted)}
    return JsonResponse(_packed(_series(wanted)) | across)


@login_required
@require_GET
def picture(request: PersonRequest, chart: str) -> HttpResponse:
    """A chart over time as a drawing."""
    wanted = asked(request)
    found = _series(wanted)
    if chart == "valence":
        return _svg(request, chart, plain.valence(found, wanted.span, marks.low(wanted), marks.switches(wanted)))
    for grain in (Grain.WEEK, Grain.MONTH):
        if len(found.points) > MOST_AREAS and found.grain is not Grain.HOUR and wanted.grain is None:
            found = _series(replace(wanted, grain=grain))
    return _svg(request, chart, plain.mixture(found, wanted.span))


@login_required
@require_GET
def mosaic(request: PersonRequest, chart: str) -> HttpResponse:
    """A chart of squares as a drawing."""
    if chart == "years":
        drawn = plain.years(history.calendar(request.user))
    else:
        drawn = plain.when(patterns.when(request.user), [str(name) for name in WEEKDAYS_ABBR.values()])
    return _svg(request, "mosaic", drawn)


@login_required
@require_GET
def table(request: PersonRequest) -> HttpResponse:
    """The numbers of the charts over time as a page."""
    wanted = asked(request)
    heads, *rows = sheets.over_time(_series(wanted))
    context = {"asked": wanted, "heads": heads, "rows": rows, "goes": list(sheets.goes(wanted.user))}
    return render(request, "web/history_table.html", context)


@login_required
@require_GET
def calendar(request: PersonRequest) -> JsonResponse:
    days = history.calendar(request.user)
    return JsonResponse({"days": [[day, _whole(value), int(said)] for day, value, said in days], "scale": SCALE})


@login_required
@require_GET
def when_and_what(request: PersonRequest) -> JsonResponse:
    """Weekday by hour, and tags against valence."""
    found = patterns.when(request.user)
    cells = [[cell.weekday, cell.hour, _whole(cell.valence), cell.count] for cell in found]
    goes = [
        {
            "name": name,
            "days": tag.days,
            "difference": _whole(tag.difference),
            "low": _whole(tag.low),
            "high": _whole(tag.high),
            "chance": tag.could_be_chance,
        }
        for name, tag in sheets.goes(request.user)
    ]
    reach = _whole(plain.reach(found))
    return JsonResponse({"when": cells, "reach": reach, "goes": goes, "few": patterns.FEW, "scale": SCALE})


@login_required
@require_GET
def numbers(request: PersonRequest) -> HttpResponse:
    """The numbers of the charts over time as a CSV file."""
    wanted = asked(request)
    found = _series(wanted)
    return _csv(f"{wanted.span.start}-{wanted.span.end}-{found.grain}", sheets.over_time(found))


@login_required
@require_GET
def other_numbers(request: PersonRequest, chart: str) -> HttpResponse:
    """The numbers of a chart that has no span as a CSV file: every day, hours of the week, or tags."""
    return _csv(chart, sheets.OF_CHARTS[chart](request.user))


@login_required
@require_GET
def day(request: PersonRequest, wanted: date) -> HttpResponse:
    """Everything that one day holds."""
    dates = timeline.dates(request.user)
    # On a journey a device may be a day ahead of the zone at home.
    if not EARLIEST <= wanted <= today_of(request.user) and wanted not in dates:
        raise Http404
    context = {
        "day": timeline.days(request.user, [wanted])[0],
        "earlier": max((found for found in dates if found < wanted), default=None),
        "later": min((found for found in dates if found > wanted), default=None),
    }
    return render(request, "web/day.html", context)


def _svg(request: HttpRequest, template: str, drawn: plain.Picture | plain.Mosaic) -> HttpResponse:
    picture = render_to_string(f"web/plain_{template}.svg", {"picture": drawn}, request)
    return HttpResponse(picture, content_type="image/svg+xml", headers=DRAWING)


def _series(wanted: Asked) -> Series:
    return history.series(wanted.user, wanted.span, wanted.grain)


def _csv(name: str, rows: Iterable[Sequence[Any]]) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="moodtide-{name}.csv"'}
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    csv.writer(answer).writerows(rows)
    return answer


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
