"""A demo year with a dip: the note on the right day, the page, the exercises, and quiet afterwards."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from journal.downswings.chart import chart
from journal.downswings.offsets import Day
from tests.camera import Browser, require_chromium
from tests.e2e.test_history import drawn
from tests.site import ROOT, Site, Visitor, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A Moodtide for this module alone: there is one demo person a site."""
    require_chromium()
    with running(tmp_path_factory.mktemp("downswing") / "home") as site:
        Visitor(site.url).become_owner()
        yield site
        assert "csp_report" not in site.log(), "a page broke the content security policy"


@pytest.fixture(scope="module")
def password(own_site: Site) -> str:
    command = [sys.executable, "manage.py", "demo", "--days", "150", "--dip", "18"]
    done = subprocess.run(command, cwd=ROOT, env=own_site.environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[0].rpartition(" ")[2]


@pytest.fixture
def demo(own_site: Site, password: str) -> Iterator[Browser]:
    """The demo person, who turned it on."""
    with Browser(own_site.url, None) as browser:
        browser.sign_in("demo", password)
        browser.page.goto("/downswing/settings")
        browser.page.get_by_role("button", name=re.compile("Turn it on|Save")).click()
        browser.page.wait_for_url("**/downswing")
        yield browser
        browser.forgive("willReadFrequently")
        assert browser.complaints == []


def flagged(site: Site) -> date:
    """The day on which the chart opens a low stretch, from the site's own rows and by nothing else of it."""
    with sqlite3.connect(f"file:{site.home}/moodtide.sqlite3?mode=ro", uri=True) as database:
        rows = database.execute(
            "SELECT local_date, said, camera, version_id FROM moods_dailymood WHERE valence IS NOT NULL ORDER BY 1"
        ).fetchall()
    days = [Day(date.fromisoformat(when), said, seen, str(version) if seen is not None else "")
            for when, said, seen, version in rows]  # fmt: skip
    points = chart(days)
    assert points[-1].state == "low"
    return [point.date for point in points if point.flag][-1]


def test_it_is_off_until_somebody_turns_it_on(own_site: Site, password: str) -> None:
    with Browser(own_site.url, None) as browser:
        browser.sign_in("demo", password)
        expect(browser.page.locator(".downswing-banner")).to_have_count(0)
        browser.page.goto("/downswing")
        expect(browser.page.get_by_text("It is off until you turn it on")).to_be_visible()
        assert browser.complaints == []
    with sqlite3.connect(f"file:{own_site.home}/moodtide.sqlite3?mode=ro", uri=True) as database:
        assert database.execute("SELECT count(*) FROM downswings_downswing").fetchone() == (0,)


def test_the_note_names_the_right_day_and_the_page_explains_it(demo: Browser, own_site: Site) -> None:
    page, day = demo.page, flagged(own_site)
    page.goto("/")
    note = page.locator(".downswing-banner")
    expect(note).to_contain_text(f"became clear on {day.day} {day:%B}")
    note.get_by_role("link", name="See more").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lower than your usual")
    expect(page.get_by_text(re.compile(r"\d of the last 9 days that you noted were below"))).to_be_visible()
    expect(page.get_by_text("This can be chance.")).to_be_visible()
    page.wait_for_selector("[data-usual] canvas")
    page.goto("/history")
    drawn(page, "valence")
    expect(page.locator(".downswing-banner")).to_be_visible()


def breathing(page: Page) -> str:
    return page.locator("[data-breathe]").get_attribute("data-breathe") or ""


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_two_minutes_of_breathing_run_pause_and_end(demo: Browser, motion: str) -> None:
    page = demo.page
    page.emulate_media(reduced_motion="reduce" if motion == "reduce" else "no-preference")
    page.clock.install()
    page.goto("/downswing")
    word, tide = page.locator("[data-breathe-word]"), page.locator("[data-breathe-tide]")
    begin = page.get_by_role("button", name="Begin", exact=True)
    begin.focus()
    page.keyboard.press("Enter")
    expect(word).to_have_text("Breathe in")
    small = tide.evaluate("(circle) => circle.style.transform")
    page.clock.run_for(3_900)
    assert (tide.evaluate("(circle) => circle.style.transform") == small) is (motion == "reduce")
    page.clock.run_for(1_000)
    expect(word).to_have_text("Breathe out")
    page.keyboard.press("Space")
    expect(word).to_have_text("Paused")
    page.clock.run_for(60_000)
    expect(page.locator("[data-breathe-left]")).to_have_text(re.compile(r"1:5\d left"))
    page.keyboard.press("Space")
    assert breathing(page) == "running"
    page.clock.run_for(117_000)
    expect(word).to_have_text(re.compile("Two minutes, just for you"))
    page.get_by_role("button", name="Once more").click()
    expect(word).to_have_text("Breathe in")
    page.keyboard.press("Escape")
    expect(begin).to_be_focused()
    assert breathing(page) == ""


def test_what_helps_is_written_once_and_stands_first(demo: Browser) -> None:
    page = demo.page
    page.goto("/downswing")
    page.locator("#new-line").fill("The long way home")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".helps")).to_have_text("The long way home")
    first = page.locator("[aria-labelledby=try-now] h3").first
    expect(first).to_have_text("What helps me")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_it_has_a_serious_fault(demo: Browser, scheme: str) -> None:
    page = demo.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 780})
        for path in ("/", "/downswing", "/downswing/settings", "/crisis?country=US", "/crisis"):
            page.goto(path)
            found = Axe().run(page)
            serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
            assert serious == [], (path, [(v["id"], v["nodes"][0]["html"]) for v in serious])
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_without_scripts_it_is_all_there(demo: Browser) -> None:
    page = demo.without_scripts()
    page.goto("/downswing")
    expect(page.locator(".plain-chart__band")).to_be_visible()
    expect(page.locator(".plain-chart__low").first).to_be_visible()
    expect(page.get_by_text("In through the nose while you count to four")).to_be_visible()
    expect(page.get_by_role("button", name="Begin")).to_have_count(0)


def test_the_country_comes_from_the_device_where_nothing_else_says_it(own_site: Site) -> None:
    with Browser(own_site.url, None, locale="fr", timezone_id="Europe/Paris") as browser:
        browser.page.goto("/accounts/login/")
        browser.page.get_by_role("link", name="Somebody to talk to, now").click()
        expect(browser.page.get_by_role("heading", name="France")).to_be_visible()
        expect(browser.page.get_by_role("link", name="Call 3114")).to_have_attribute("href", "tel:3114")
        assert browser.complaints == []


def test_dismissing_it_is_the_end_of_the_note(demo: Browser) -> None:
    page = demo.page
    page.goto("/history")
    page.get_by_role("button", name="Don't show this again").click()
    expect(page.locator(".downswing-banner")).to_have_count(0)
    page.goto("/")
    expect(page.locator(".downswing-banner")).to_have_count(0)
    page.goto("/downswing")
    page.get_by_role("button", name="This was wrong").first.click()
    expect(page.get_by_text("You said that this wasn't so.").first).to_be_visible()
