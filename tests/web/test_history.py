from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from inference.emotions import EMOTIONS
from journal.accounts.models import User
from journal.registry.champion import switch
from journal.registry.models import ModelVersion
from tests.bundles import approved
from tests.moods.test_rollup import check_in, reading

pytestmark = pytest.mark.django_db
PAGES = ("/history", "/history/data", "/history/calendar", "/history/patterns", "/history.csv")


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
    with django_assert_max_num_queries(6):  # session, person, profile, days, band, changes of models
        signed_in.get("/history/data?range=3m")
