from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.camera import Browser
from tests.site import ROOT, Site, eventually

pytestmark = pytest.mark.browser
# How many different colours a chart's canvas holds: an empty one has one.
COLOURS = """(name) => {
  const canvas = document.querySelector(`[data-chart=${name}] canvas`);
  if (!canvas) return 0;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = new Set();
  for (let at = 0; at < data.length; at += 4 * 97) found.add(data.slice(at, at + 4).join());
  return found.size;
}"""


@pytest.fixture(scope="module")
def password(site: Site) -> str:
    command = [sys.executable, "manage.py", "demo", "--days", "120"]
    done = subprocess.run(command, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[0].rpartition(" ")[2]


@pytest.fixture
def demo(site: Site, password: str) -> Iterator[Browser]:
    with Browser(site.url, None) as browser:
        browser.sign_in("demo", password)
        yield browser
        browser.forgive("willReadFrequently")
        assert browser.complaints == []


def drawn(page: Page, name: str) -> None:
    eventually(lambda: page.evaluate(COLOURS, name) > 4, 60, f"the chart {name} stayed empty")


def test_every_chart_is_drawn_with_its_numbers_behind_it(demo: Browser) -> None:
    page = demo.page
    page.goto("/history")
    for name in ("valence", "mixture", "year", "when"):
        drawn(page, name)
    expect(page.locator(".goes > li")).not_to_have_count(0)
    numbers = page.locator("[data-table=valence]")
    numbers.get_by_text("The numbers").click()
    expect(numbers.locator("tbody tr").first).to_contain_text(re.compile(r"\d{4}-\d{2}-\d{2}"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Take the numbers over time along").click()
    assert download.value.suggested_filename.endswith("-day.csv")


def test_another_range_draws_anew_and_stays_in_the_address(demo: Browser) -> None:
    page = demo.page
    page.goto("/history")
    drawn(page, "valence")
    page.get_by_label("2 weeks").check()
    page.wait_for_url("**/history?range=2w")
    page.locator("[data-table=valence]").get_by_text("The numbers").click()
    expect(page.locator("[data-table=valence] tbody tr").first).to_contain_text("T")  # hours, not days
    page.reload()
    expect(page.get_by_label("2 weeks")).to_be_checked()


def test_a_question_that_is_no_longer_asked_gets_no_answer(demo: Browser) -> None:
    page, kept = demo.page, list[Route]()
    page.goto("/history?range=2w")
    drawn(page, "valence")
    page.route("**/history/data?range=1y*", lambda route: kept.append(route))  # an answer that takes its time
    page.get_by_label("A year").check()
    eventually(lambda: page.evaluate("1") and kept, 60, "the year was never asked for")
    with page.expect_event("requestfailed", lambda request: "range=1y" in request.url):
        page.get_by_label("3 months").check()
    page.locator("[data-table=valence]").get_by_text("The numbers").click()
    expect(page.locator("[data-table=valence] tbody tr").first).to_contain_text(re.compile(r"\d{4}-\d{2}-\d{2}\b(?!T)"))
    expect(page.locator("[data-status]")).to_have_text("")


def test_days_are_turned_by_keyboard(demo: Browser) -> None:
    page = demo.page
    page.goto("/journal")
    page.locator(".day__link").first.click()
    expect(page.locator(".entry").first).to_be_visible()
    latest = page.url
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(lambda url: url != latest)
    page.keyboard.press("ArrowRight")
    page.wait_for_url(latest)


def test_without_scripts_the_days_are_drawn_by_the_server(demo: Browser) -> None:
    page = demo.without_scripts()
    page.goto("/history")
    pictures = page.locator("img.plain-chart")
    expect(pictures).to_have_count(4)
    arrived = "images => images.every(image => image.naturalWidth > 0)"
    eventually(lambda: pictures.evaluate_all(arrived), 60, "a picture didn't arrive")
    page.get_by_role("link", name="The numbers as a table").last.click()
    expect(page.locator("tbody tr").nth(20)).to_be_visible()


def test_own_days_and_grain_are_chosen_in_the_page(demo: Browser) -> None:
    page = demo.page
    page.goto("/history?range=1y")
    drawn(page, "valence")
    page.get_by_label("One step is").select_option("month")
    page.wait_for_url("**/history?range=1y&grain=month")
    page.locator("[data-table=valence]").get_by_text("The numbers").click()
    expect(page.locator("[data-table=valence] tbody tr").first).to_contain_text("-01")
    page.get_by_label("Own days").check()
    page.get_by_label("From").fill("2001-01-01")
    page.get_by_label("to", exact=True).fill("2001-02-01")
    page.wait_for_url("**/history?range=own&from=2001-01-01&to=2001-02-01&grain=month")
    expect(page.locator("[data-empty=valence]")).to_be_visible()
    expect(page.locator("[data-chart=valence]")).to_be_hidden()
