"""Whom to call: a sound book of lines, the right country first, and one click away from everywhere."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client

from journal.accounts.models import User
from journal.web import checks
from journal.web.crisis_lines import book, country_of_languages, country_of_zone, dial

WITH_LINES = [country for country in book().countries.values() if country.lines]
ENTERED = date(2026, 11, 21)


def test_there_are_many_countries_and_every_other_can_be_chosen() -> None:
    assert len(WITH_LINES) >= 25
    assert len(book().countries) > 240
    assert len(book().directories) >= 2


@pytest.mark.parametrize("country", WITH_LINES, ids=lambda country: country.code)
def test_every_line_is_whole(country: object) -> None:
    assert country in WITH_LINES
    found = book().countries[country.code]  # type: ignore[attr-defined]
    assert found.emergency
    assert all(re.fullmatch(r"\d{2,5}", number) for number in found.emergency)
    for line in found.lines:
        assert line.name and line.by
        assert line.call or line.text
        assert all(re.fullmatch(r"\*?\d[\d ]*\d", number) for number in (*line.call, *filter(None, [line.text])))
        assert urlsplit(line.page).scheme == "https"
        assert line.audience in ("", "young", "english")
        assert ENTERED <= line.entered <= line.seen <= date.today() + timedelta(days=1)


def test_numbers_are_dialled_without_spaces() -> None:
    assert dial("0800 111 0 111") == "08001110111"
    assert dial("*4141") == "*4141"


@pytest.mark.parametrize(
    ("zone", "code"),
    [
        ("Europe/Berlin", "DE"),
        ("America/Toronto", "CA"),
        ("Australia/Perth", "AU"),
        ("Asia/Calcutta", "IN"),
        ("Iceland", ""),
        ("UTC", ""),
        ("Mars/Olympus", ""),
    ],
)
def test_a_zone_tells_the_country(zone: str, code: str) -> None:
    assert country_of_zone(zone) == code


@pytest.mark.parametrize(
    ("accepted", "code"),
    [("de-AT,de;q=0.9,en-US;q=0.8", "AT"), ("de,fr-CH;q=0.5", "CH"), ("zh-Hant-TW", "TW"), ("pt", ""), ("", ""),
     ("en-XX, */*;q=0", ""), ("x" * 5000, "")],
)  # fmt: skip
def test_a_language_with_a_region_tells_the_country(accepted: str, code: str) -> None:
    assert country_of_languages(accepted) == code


@pytest.mark.django_db
class TestPage:
    def shown(self, client: Client, query: str = "", **headers: str) -> str:
        answer = client.get(f"/crisis{query}", headers=headers)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        found = re.search(r'<h2 id="lines">([^<]*)', answer.content.decode())
        return found[1] if found else ""

    def test_nobody_need_sign_in_nor_live_here(self, client: Client) -> None:
        assert self.shown(client) == ""
        assert self.shown(client, "?country=de") == "Germany"

    def test_the_choice_counts_first_then_home_then_the_device_then_the_language(
        self, client: Client, signed_in: Client
    ) -> None:
        stranger = Client()
        french = {"accept-language": "fr-FR,fr"}
        assert self.shown(stranger, **french) == "France"
        assert self.shown(stranger, "?zone=Europe/Vienna", **french) == "Austria"
        assert self.shown(signed_in, "?zone=Europe/Vienna", **french) == "Germany"  # Ottilie lives in Berlin
        assert self.shown(signed_in, "?country=NZ&zone=Europe/Vienna", **french) == "New Zealand"
        assert self.shown(stranger, "?country=", **french) == ""
        assert self.shown(stranger, "?country=<script>") == ""

    def test_it_promises_nothing_that_nobody_can_hold(self, client: Client) -> None:
        page = client.get("/crisis?country=DE").content.decode()
        assert "You may call; that is what they are there for." in page
        assert "Most of these lines listen to anybody, about anything." in page
        assert "blame" not in page
        assert "They come" not in page

    def test_a_country_without_lines_leads_to_the_directories(self, client: Client, person: User) -> None:
        page = client.get("/crisis?country=AQ").content.decode()
        assert "doesn&#x27;t know a line there" in page or "doesn't know a line there" in page
        assert "findahelpline.com" in page
        assert "112" in page

    def test_the_device_is_asked_only_where_nothing_is_known(self, client: Client) -> None:
        assert b"data-ask-device" in client.get("/crisis").content
        assert b"data-ask-device" not in client.get("/crisis?zone=Mars/Olympus").content
        assert b"data-ask-device" not in client.get("/crisis?country=FR").content

    @pytest.mark.parametrize(
        "path", ["/accounts/login/", "/accounts/password/reset/", "/privacy", "/nowhere", "/welcome", "/join/nothing"]
    )
    def test_it_is_one_click_away_from_signed_out_and_lost_pages(self, client: Client, person: User, path: str) -> None:
        assert b'href="/crisis"' in client.get(path, follow=True).content

    @pytest.mark.parametrize("path", ["/", "/capture", "/journal", "/history", "/downswing", "/settings", "/consent"])
    def test_and_from_every_page_of_ones_own(self, signed_in: Client, path: str) -> None:
        assert b'href="/crisis"' in signed_in.get(path).content

    def test_and_from_the_page_that_says_that_something_broke(self, rf: object) -> None:
        from django.views.defaults import server_error

        assert b'href="/crisis"' in server_error(rf.get("/")).content  # type: ignore[attr-defined]


def test_the_operator_hears_of_lines_that_nobody_looked_at_for_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.crisis_lines_are_fresh(None) == []
    later = ENTERED + timedelta(days=400)

    class Clock:
        @staticmethod
        def now() -> object:
            from datetime import UTC, datetime, time

            return datetime.combine(later, time(12), UTC)

    monkeypatch.setattr(checks, "timezone", Clock)
    (warning,) = checks.crisis_lines_are_fresh(None)
    assert warning.id == "web.W001"
    monkeypatch.setattr("journal.web.management.commands.check_crisis.timezone", Clock)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_crisis", "--country", "de", stdout=out)
    assert "TOO OLD" in out.getvalue()
    assert "telefonseelsorge.de" in out.getvalue()


def test_a_guess_is_called_one_and_the_device_is_asked(client: Client) -> None:
    page = client.get("/crisis", headers={"Accept-Language": "en-US"}).content.decode()
    assert "Shown for United States, because your device says so." in page
    assert "data-ask-device" in page  # a language says little about where somebody is
    page = client.get("/crisis?zone=Europe/London", headers={"Accept-Language": "en-US"}).content.decode()
    assert "Shown for United Kingdom" in page
    assert "data-ask-device" not in page
    assert "because your device says so" not in client.get("/crisis?country=US").content.decode()


def test_a_text_message_begins_with_its_word(client: Client) -> None:
    assert 'href="sms:741741?&amp;body=HOME"' in client.get("/crisis?country=US").content.decode()
