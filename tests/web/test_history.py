from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from inference.emotions import EMOTIONS
from journal.accounts.models import User
from journal.moods import tags
from journal.moods.models import CheckIn
from journal.registry.champion import switch
from journal.registry.models import ModelVersion
from journal.snapshots.days import today_of
from journal.web import plain
from tests.bundles import approved
from tests.moods.test_rollup import check_in, reading

pytestmark = pytest.mark.django_db
PICTURES = ("/history/valence.svg", "/history/mixture.svg", "/history/years.svg", "/history/when.svg")
PAGES = (
    "/history", "/history/data", "/history/calendar", "/history/patterns", "/history.csv", "/history/table",
    "/history/days.csv", "/history/when.csv", "/history/tags.csv", *PICTURES
)  # fmt: skip


@pytest.fixture
def today() -> date:
    return timezone.now().date() - timedelta(days=1)  # for whichever zone the clock stands in


@pytest.mark.parametrize("path", PAGES)
def test_it_needs_somebody(client: Client, person: User, path: str) -> None:
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_journal_has_empty_charts(signed_in: Client, path: str) -> None:
    assert signed_in.get(path).status_code == 200


def test_a_series_is_packed_in_thousandths(signed_in: Client, person: User, version: ModelVersion, today: date) -> None:
    reading(person, version, today, happiness=0.5, neutral=0.5)
    check_in(person, today - timedelta(days=1), valence=-0.25)
    packed = signed_in.get("/history/data?range=3m").json()
    assert packed["grain"] == "day"
    assert packed["at"] == [str(today - timedelta(days=1)), str(today)]
    assert packed["valence"] == [-250, 380]
    assert packed["said"] == [1, 0]
    assert packed["mixture"][0] is None
    assert sum(packed["mixture"][1]) == 1000


def test_a_change_of_models_is_marked_on_its_day(signed_in: Client, person: User, version: ModelVersion) -> None:
    now = timezone.now().astimezone(ZoneInfo("Europe/Berlin"))
    day = (now - timedelta(hours=4)).date()  # the person's day begins at four
    assert signed_in.get("/history/data?range=2w").json()["switches"] == []
    switch(approved("own", person.pk), person.pk, "Better.", version.pk)
    assert signed_in.get("/history/data?range=2w").json()["switches"] == [[str(day), "own"]]


def test_a_day_says_which_model_read(signed_in: Client, person: User, version: ModelVersion, today: date) -> None:
    reading(person, version, today, happiness=0.9)
    assert f"Read by {version.name}" in signed_in.get(f"/days/{today}").content.decode()
    assert f"Read by {version.name}" not in signed_in.get("/journal").content.decode()


def test_others_days_are_not_in_it(signed_in: Client, other: User, today: date) -> None:
    check_in(other, today, valence=0.5)
    assert signed_in.get("/history/data").json()["at"] == []
    assert signed_in.get("/history/calendar").json()["days"] == []
    assert "Nothing was kept" in signed_in.get(f"/days/{today}").content.decode()


def test_a_finer_grain_than_the_span_bears_is_not_given(signed_in: Client, person: User, today: date) -> None:
    check_in(person, today, valence=0.5)
    for asked, given in (("hour", "day"), ("week", "week"), ("month", "month"), ("century", "day")):
        assert signed_in.get(f"/history/data?range=1y&grain={asked}").json()["grain"] == given


@pytest.mark.parametrize("query", ["from=yesterday", "from=2026-13-01", "from=0001-01-01&to=9999-12-31", "range=7c"])
def test_odd_dates_do_no_harm(signed_in: Client, query: str) -> None:
    assert signed_in.get(f"/history/data?{query}").status_code == 200


def test_the_numbers_can_be_taken_along(signed_in: Client, person: User, version: ModelVersion, today: date) -> None:
    reading(person, version, today, happiness=0.5, neutral=0.5)
    answer = signed_in.get("/history.csv?range=3m")
    assert "attachment" in answer["Content-Disposition"]
    heads, row = csv.reader(io.StringIO(answer.content.decode()))
    assert heads == ["at", *EMOTIONS, "valence", "valence_from"]
    assert row[0] == str(today)
    assert (row[2], row[-2], row[-1]) == ("0.5000", "0.3800", "camera")


def test_a_day_shows_what_it_holds_and_leads_to_its_neighbours(signed_in: Client, person: User, today: date) -> None:
    for ago in (0, 3, 9):
        check_in(person, today - timedelta(days=ago), words=["calm"])
    page = signed_in.get(f"/days/{today - timedelta(days=3)}")
    assert page.content.decode().count("entry--said") == 1
    assert page.context["earlier"] == today - timedelta(days=9)
    assert page.context["later"] == today


@pytest.mark.parametrize("wanted", ["1989-12-31", "2999-01-01", "2026-02-30"])
def test_days_that_can_not_be_are_not_there(signed_in: Client, wanted: str) -> None:
    assert signed_in.get(f"/days/{wanted}").status_code == 404


def test_ten_years_travel_light(signed_in: Client, person: User, version: ModelVersion, today: date) -> None:
    for ago in range(0, 3650, 7):
        reading(person, version, today - timedelta(days=ago), neutral=0.123456, happiness=0.654321)
    packed = signed_in.get("/history/data?range=all").content
    assert json.loads(packed)["grain"] == "week"
    assert len(packed) < 200_000


def test_charts_ask_little(
    signed_in: Client, person: User, today: date,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:  # fmt: skip
    for ago in range(20):
        check_in(person, today - timedelta(days=ago), valence=0.1)
    signed_in.get("/history")  # the first visit asks whether anybody lives here
    with django_assert_max_num_queries(7):  # session, person, profile, days, band, low stretches, changes of models
        signed_in.get("/history/data?range=3m")


def test_own_days_are_from_one_to_another(signed_in: Client, person: User, today: date) -> None:
    for ago in (0, 10, 20, 30):
        check_in(person, today - timedelta(days=ago), valence=0.5)
    first, last = today - timedelta(days=20), today - timedelta(days=10)
    for query in (f"range=own&from={first}&to={last}", f"from={last}&to={first}&grain=day"):
        packed = signed_in.get(f"/history/data?{query}").json()
        assert [at[:10] for at in packed["at"]] == [str(first), str(last)]
    # The form always sends its dates; they count only where own days are meant.
    assert len(signed_in.get(f"/history/data?range=1y&from={first}&to={last}").json()["at"]) == 4


def shapes(client: Client, path: str) -> Counter[str]:
    answer = client.get(path)
    assert answer["Content-Type"] == "image/svg+xml"
    return Counter(re.findall(r"<(\w+)", answer.content.decode()))


@pytest.mark.parametrize("path", PICTURES)
def test_an_empty_picture_says_so(signed_in: Client, path: str) -> None:
    assert "Nothing was kept" in signed_in.get(path).content.decode()


def test_pictures_hold_what_the_charts_hold(
    signed_in: Client, person: User, version: ModelVersion, today: date
) -> None:
    for ago in range(20):
        check_in(person, today - timedelta(days=ago), valence=0.5 - ago / 20)
    for ago in (0, 1, 5):
        reading(person, version, today - timedelta(days=ago), happiness=0.5, neutral=0.5)
    drawn = shapes(signed_in, "/history/valence.svg")
    assert (drawn["circle"], drawn["polyline"], drawn["rect"]) == (20, 1, 1)  # days, their mean, the usual band
    # Two days that touch and one alone: eight areas for each stretch.
    assert shapes(signed_in, "/history/mixture.svg")["polygon"] == 16
    assert shapes(signed_in, "/history/years.svg")["rect"] == 20
    when = shapes(signed_in, "/history/when.svg")
    assert when["rect"] > 0
    assert when["text"] == 7 + 8  # weekdays, and every third hour


def test_numbers_stand_in_a_table_too(signed_in: Client, person: User, today: date) -> None:
    check_in(person, today, valence=-0.25)
    page = signed_in.get("/history/table").content.decode()
    assert f"<td>{today}</td>" in page
    assert "<td>-0.2500</td>" in page


def rows_of(client: Client, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(path).content.decode())))


def test_every_chart_can_be_taken_along(signed_in: Client, person: User, today: date) -> None:
    formula = tags.make(person, "=1+1", "star", "other")
    for ago in range(24):
        row = check_in(person, today - timedelta(days=ago), valence=0.5 if ago % 2 else 0.0)
        row.tags.set([formula.id] if ago % 2 else [])
    days = rows_of(signed_in, "/history/days.csv")
    assert days[0] == ["day", "valence", "valence_from"]
    assert days[-1] == [str(today), "0.0000", "said"]
    assert len(days) == 25
    assert sum(int(row[-1]) for row in rows_of(signed_in, "/history/when.csv")[1:]) == 24
    # A name is a name, whatever a spreadsheet would make of it.
    assert [row[:3] for row in rows_of(signed_in, "/history/tags.csv")[1:]] == [["'=1+1", "12", "0.5000"]]


def test_a_day_ahead_of_home_has_its_page(signed_in: Client, person: User) -> None:
    ahead = today_of(person) + timedelta(days=1)
    assert signed_in.get(f"/days/{ahead}").status_code == 404
    check_in(person, ahead, words=["calm"])
    assert signed_in.get(f"/days/{ahead}").status_code == 200


def test_a_drawing_may_carry_its_own_colours_and_nothing_else(signed_in: Client) -> None:
    policy = signed_in.get("/history/valence.svg")["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert "unsafe-inline" not in signed_in.get("/history")["Content-Security-Policy"]


def test_by_the_hour_the_last_day_takes_room(signed_in: Client, person: User, today: date) -> None:
    for hour in (8, 20):
        row = check_in(person, today, valence=0.5)
        CheckIn.objects.filter(pk=row.pk).update(at=datetime.combine(today, time(hour), UTC))
    page = signed_in.get(f"/history/valence.svg?from={today - timedelta(days=3)}&to={today}").content.decode()
    assert len(set(re.findall(r'cx="([\d.]+)"', page))) == 2


def test_the_colours_of_when_reach_as_far_as_hours_differ(
    signed_in: Client, person: User, version: ModelVersion, today: date
) -> None:
    reading(person, version, today, neutral=0.5, happiness=0.25)
    found = signed_in.get("/history/patterns").json()
    furthest = max(abs(value) for _day, _hour, value, _count in found["when"])
    assert furthest <= found["reach"] <= max(200, furthest + 100)


def test_a_drawing_has_its_own_colours_by_night() -> None:
    shades = plain.shades()
    assert (plain.shade(-1), plain.shade(0), plain.shade(1)) == (0, len(shades) // 2, len(shades) - 1)
    assert plain.shade(7) == len(shades) - 1  # a value beyond the scale still has a colour
    tokens = (Path(__file__).parents[2] / "journal/web/frontend/src/styles/tokens.css").read_text()
    by_day, by_night = tokens.split("prefers-color-scheme: dark")
    for name, number in (("sadness", 0), ("happiness", -1)):
        day, night = shades[number]
        assert f"--{name}: {day};" in by_day
        assert f"--{name}: {night};" in by_night
    assert f"--between: {shades[len(shades) // 2][0]};" in by_day
