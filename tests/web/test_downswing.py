"""The page about being lower than usual, its buttons, and the note on other pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from journal.accounts.models import User
from journal.downswings import choices, helping
from journal.downswings.chart import Chart
from journal.downswings.models import Downswing, Sensitivity, Watch
from tests.downswings.lives import TODAY, live, quiet, turn_clock

pytestmark = pytest.mark.django_db
PAGES = ("/downswing", "/downswing/data", "/downswing/settings")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    turn_clock(monkeypatch)


@pytest.fixture
def low(person: User) -> Downswing:
    live(person, [*quiet(90), *[-0.6] * 8])
    choices.turn_on(person, Sensitivity.USUAL)
    return Downswing.objects.get()


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_it_needs_somebody(client: Client, person: User, path: str) -> None:
    assert client.get(path).status_code == 302


def test_off_it_explains_itself_and_computes_nothing(
    signed_in: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Chart, "feed", lambda *args: pytest.fail("a chart was computed"))
    live(person, [*quiet(90), *[-0.6] * 20])
    assert "It is off until you turn it on" in text(signed_in, "/downswing")
    assert signed_in.get("/downswing/data").json()["at"] == []
    for path in ("/", "/history", "/history/data"):
        assert signed_in.get(path).status_code == 200
    assert not Downswing.objects.exists()
    assert not Watch.objects.exists()


def test_turning_on_says_what_each_sensitivity_costs(signed_in: Client, person: User) -> None:
    page = text(signed_in, "/downswing/settings")
    for words in ("about once in 2 years", "about once a year", "about 2 times a year"):
        assert words in page
    signed_in.post("/downswing/settings", {"do": "on", "sensitivity": "calm"})
    watch = Watch.objects.get()
    assert (watch.user, watch.on, watch.sensitivity) == (person, True, "calm")


def test_before_28_days_it_says_how_many_there_are(signed_in: Client, person: User) -> None:
    live(person, quiet(12))
    choices.turn_on(person, Sensitivity.USUAL)
    assert "Still getting to know what is usual for you: 12 of 28 days" in text(signed_in, "/downswing")


@pytest.mark.parametrize(("newest", "known"), [(None, 13), (0.1, 14)])
def test_on_too_few_days_it_says_the_rule_and_blames_nobody(
    signed_in: Client, person: User, monkeypatch: pytest.MonkeyPatch, newest: float | None, known: int
) -> None:
    """Silent for more than two weeks it says nothing, however many days there were; with one new day it goes on."""
    live(person, [*quiet(90), *[None] * 14, newest])
    choices.turn_on(person, Sensitivity.USUAL)
    page = text(signed_in, "/downswing")
    rule = f"knows {known} of the last 28 days. It takes at least 10, the newest of them at most two weeks ago"
    assert (rule in page) is (newest is None)
    assert ("a gap says nothing about you" in page) is (newest is None)
    assert ("About as usual for you" in page) is (newest is not None)


def test_on_ordinary_days_it_is_quiet(signed_in: Client, person: User) -> None:
    live(person, quiet(90))
    choices.turn_on(person, Sensitivity.USUAL)
    assert "About as usual for you" in text(signed_in, "/downswing")
    assert "downswing-banner" not in text(signed_in, "/")


def test_low_it_gives_the_numbers_and_says_that_it_may_be_chance(signed_in: Client, low: Downswing) -> None:
    page = text(signed_in, "/downswing")
    seen = low.evidence
    assert f"{seen['below']} of the last 9 days that you noted were below the middle of your earlier days" in page
    assert "This can be chance." in page
    assert "about once a year" in page
    assert "Two minutes of slow breathing" in page


def test_the_chart_carries_the_band_and_the_low_stretch(signed_in: Client, low: Downswing) -> None:
    packed = signed_in.get("/downswing/data").json()
    assert packed["low"] == [[str(low.began), str(TODAY - timedelta(days=1))]]
    assert len(packed["at"]) == len(packed["value"]) == len(packed["band"]) == 98
    assert packed["band"][0] is None
    assert packed["band"][-1][0] < 0 < packed["band"][-1][1]
    page = text(signed_in, "/downswing")
    assert page.count("plain-chart__dot") == 98
    assert page.count("plain-chart__low") == 1
    assert '<table class="table">' in page


def test_history_marks_the_low_stretch(signed_in: Client, low: Downswing) -> None:
    assert signed_in.get("/history/data?range=3m").json()["low"] == [[str(low.began), str(TODAY - timedelta(days=1))]]
    assert 'class="low"' in text(signed_in, "/history/valence.svg?range=3m")
    before = low.first - timedelta(days=1)
    assert signed_in.get(f"/history/data?from={TODAY - timedelta(days=80)}&to={before}").json()["low"] == []


@pytest.mark.parametrize("path", ["/", "/history"])
def test_a_note_stands_on_other_pages_until_it_is_hushed(signed_in: Client, low: Downswing, path: str) -> None:
    assert "downswing-banner" in text(signed_in, path)
    back = "web:today" if path == "/" else "web:history"
    answer = signed_in.post(f"/downswing/{low.pk}", {"do": "dismiss", "back": back})
    assert answer["Location"] == path
    assert "downswing-banner" not in text(signed_in, path)
    assert "You asked not to be told of these days again" in text(signed_in, "/downswing")


def test_a_snooze_says_until_when(signed_in: Client, low: Downswing) -> None:
    page = signed_in.post(f"/downswing/{low.pk}", {"do": "snooze"}, follow=True).content.decode()
    assert "Quiet until 27 November." in page
    assert "downswing-banner" not in text(signed_in, "/")


def test_answers_are_kept_and_counted(signed_in: Client, low: Downswing) -> None:
    page = signed_in.post(f"/downswing/{low.pk}", {"do": "right"}, follow=True).content.decode()
    assert "You said that this was right." in page
    assert "You answered 1; 1 was right." in page
    signed_in.post(f"/downswing/{low.pk}", {"do": "wrong"})
    low.refresh_from_db()
    assert low.answer == "wrong"


@pytest.mark.parametrize(("right", "words"), [(0, "3; 0 were right."), (1, "3; 1 was right."), (2, "3; 2 were right.")])
def test_the_rate_is_said_in_proper_words(signed_in: Client, low: Downswing, right: int, words: str) -> None:
    for number in range(3):
        answer = Downswing.Answer.RIGHT if number < right else Downswing.Answer.WRONG
        start = low.start - timedelta(days=100 * (number + 1))
        Downswing.objects.create(user=low.user, start=start, end=start, depth=-1, answer=answer, stands=False)
    assert f"You answered {words}" in text(signed_in, "/downswing")


@pytest.mark.parametrize("form", [{"do": "dismiss", "back": "https://elsewhere.example"}, {"do": "right", "back": "/"}])
def test_a_button_leads_only_to_our_own_pages(signed_in: Client, low: Downswing, form: dict[str, str]) -> None:
    assert signed_in.post(f"/downswing/{low.pk}", form)["Location"] == "/downswing"


@pytest.mark.parametrize("do", ["dismiss", "snooze", "right", "wrong", "sing"])
def test_others_stretches_are_not_there(client: Client, other: User, low: Downswing, do: str) -> None:
    client.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/downswing/{low.pk}", {"do": do}).status_code == 404
    assert client.get(f"/downswing/{low.pk}")["Location"] == "/downswing"


def test_starting_anew_asks_first_and_then_forgets_the_days(signed_in: Client, low: Downswing) -> None:
    assert "This can't be undone." in text(signed_in, "/downswing/settings")
    page = signed_in.post("/downswing/settings", {"do": "anew"}, follow=True).content.decode()
    assert "There is no finished day yet" in page
    assert "Earlier low stretches" in page


def test_turning_it_off_says_what_goes_and_does_it(signed_in: Client, low: Downswing) -> None:
    assert "the days and your answer stay" in text(signed_in, "/downswing/settings")
    signed_in.post("/downswing/settings", {"do": "off"})
    assert not Downswing.objects.exists()
    assert "downswing-banner" not in text(signed_in, "/")


@pytest.mark.parametrize("form", [{}, {"do": "sing"}])
def test_what_no_page_of_ours_sends_changes_nothing(signed_in: Client, form: dict[str, str]) -> None:
    page = signed_in.post("/downswing/settings", form, follow=True).content.decode()
    assert "Please load it again" in page
    assert not Watch.objects.exists()


def test_the_list_of_what_helps_is_written_on_the_page(signed_in: Client, person: User, other: User) -> None:
    page = signed_in.post("/downswing/helping", {"text": "a <b>bath</b>"}, follow=True).content.decode()
    assert "<li>a &lt;b&gt;bath&lt;/b&gt;</li>" in page
    (line,) = helping.lines(person)
    signed_in.post(f"/downswing/helping/{line.id}", {"text": "a bath"})
    assert helping.lines(person)[0].text == "a bath"
    helping.add(other, "nobody's business")
    (theirs,) = helping.lines(other)
    page = signed_in.post(f"/downswing/helping/{theirs.id}", {"do": "remove"}, follow=True).content.decode()
    assert "gone already" in page
    assert helping.lines(other)
    signed_in.post(f"/downswing/helping/{line.id}", {"do": "remove"})
    assert not helping.lines(person)
    assert "nothing to keep" in signed_in.post("/downswing/helping", {"text": " "}, follow=True).content.decode()


def test_the_page_asks_little(
    signed_in: Client, low: Downswing, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    text(signed_in, "/")
    with django_assert_max_num_queries(16):
        text(signed_in, "/downswing")
