from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.camera import Browser

pytestmark = pytest.mark.browser
KEPT = "Kept as it stands"


def write(page: Page, note: str) -> None:
    page.get_by_label("A note").fill(note)


def test_a_check_in_is_kept_as_it_is_written(browser: Browser) -> None:
    page = browser.page
    page.goto("/")
    page.locator("#valence").focus()
    for _press in range(30):
        page.keyboard.press("ArrowRight")
    page.get_by_text("Finer words").click()
    page.get_by_text("grateful").click()
    write(page, "Kept *while* I write.")
    expect(page.locator("[data-state]")).to_have_text(KEPT)
    page.reload()  # nothing was pressed: what was written is there all the same
    entry = page.locator(".entry--said").first
    expect(entry).to_contain_text("Grateful")
    expect(entry.locator("em")).to_have_text("while")
    expect(page.get_by_label("A note")).to_have_value("")


def test_a_slider_that_was_not_moved_says_nothing(browser: Browser) -> None:
    page = browser.page
    page.goto("/")
    write(page, "only a note")
    page.get_by_role("button", name="Done").click()
    page.wait_for_url(f"{browser.url}/")
    entry = page.locator(".entry--said", has_text="only a note")
    expect(entry.get_by_role("img", name="No slider was set")).to_be_visible()


def test_offline_in_the_middle_loses_nothing(browser: Browser) -> None:
    page = browser.page
    page.goto("/")
    browser.context.set_offline(True)
    write(page, "written in a tunnel")
    expect(page.locator("[data-state]")).to_contain_text("Kept on this device")
    page.close()  # the laptop is closed
    browser.context.set_offline(False)
    page = browser.new_page()
    page.goto("/")
    expect(page.get_by_label("A note")).to_have_value("written in a tunnel")
    expect(page.locator("[data-state]")).to_have_text(KEPT)
    page.reload()
    expect(page.locator(".entry--said", has_text="written in a tunnel")).to_have_count(1)
    browser.forgive("ERR_INTERNET_DISCONNECTED")


def test_two_tabs_that_edit_one_entry_lose_nothing(browser: Browser) -> None:
    first = browser.page
    first.goto("/")
    write(first, "two tabs")
    first.get_by_role("button", name="Done").click()
    first.wait_for_url(f"{browser.url}/")
    first.locator(".entry--said", has_text="two tabs").locator("a").click()
    first.wait_for_url("**/check-ins/*")
    second = browser.new_page()
    second.goto(first.url)
    write(first, "from the first tab")
    expect(first.locator("[data-state]")).to_have_text(KEPT)
    write(second, "from the second tab")
    expect(second.locator("[data-conflict]")).to_contain_text("changed in another window")
    second.get_by_role("button", name="Keep what stands here").click()
    expect(second.locator("[data-state]")).to_have_text(KEPT)
    first.reload()
    expect(first.get_by_label("A note")).to_have_value("from the second tab")
    browser.forgive("409")


def test_deleting_can_be_undone(browser: Browser) -> None:
    page = browser.page
    page.goto("/")
    write(page, "to be deleted")
    page.get_by_role("button", name="Done").click()
    page.wait_for_url(f"{browser.url}/")
    entry = page.locator(".entry--said", has_text="to be deleted")
    entry.locator("a").click()
    page.get_by_role("button", name="Throw this away").click()
    expect(entry).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(entry).to_have_count(1)


def test_a_tag_is_made_on_the_way(browser: Browser) -> None:
    page = browser.page
    page.goto("/check-ins/new")
    if not page.get_by_label("A new tag").is_visible():
        page.get_by_text("What the day holds").click()
    page.get_by_label("A new tag").fill("sailing")
    page.locator(".icon-choice", has=page.locator("input[value=sea]")).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add", exact=True).click()
    chip = page.locator(".chip", has_text="sailing")
    expect(chip.locator("input")).to_be_checked()
    assert "#sea" in (chip.locator("use").get_attribute("href") or "")
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".entry__tags", has_text="sailing")).to_be_visible()


def test_what_the_camera_saw_can_be_taken_over_and_corrected(browser: Browser) -> None:
    page = browser.page
    browser.open_camera()
    browser.shoot()
    page.goto("/")
    offer = page.locator("[data-take-over]")
    snapshot = offer.get_attribute("value")
    seen = (offer.get_attribute("data-present") or "").split()
    ticked = page.locator("[name=emotions]:checked")
    expect(ticked).to_have_count(0)  # nothing slips in by itself
    offer.check()
    assert sorted(ticked.evaluate_all("all => all.map(one => one.value)")) == sorted(seen)
    page.get_by_text("Fear", exact=True).click()
    expect(page.locator("[data-state]")).to_have_text(KEPT)
    page.goto(f"/snapshots/{snapshot}")
    expect(page.locator("[data-headline]")).to_contain_text("fear")  # the reading has its answer
    page.goto("/")
    expect(page.locator("[data-take-over]")).to_have_count(0)


def test_what_is_taken_back_is_gone_and_the_page_says_so(browser: Browser) -> None:
    page = browser.page
    page.goto("/")
    before = page.locator(".entry--said").count()
    page.locator("#valence").focus()
    page.keyboard.press("End")
    expect(page.locator("[data-state]")).to_have_text(KEPT)
    page.locator("[data-slider]").first.get_by_text("Count this").click()
    expect(page.locator("[data-state]")).to_have_text("Nothing is kept")
    page.reload()
    expect(page.locator(".entry--said")).to_have_count(before)


def test_done_says_where_the_entry_went(browser: Browser) -> None:
    page = browser.page
    page.goto("/")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("[data-state]")).to_contain_text("There is nothing to keep yet")
    browser.forgive("400")
    write(page, "long ago")
    page.get_by_text("When it was").click()
    page.get_by_label("Day and time").fill("2026-03-04T10:00")
    page.get_by_role("button", name="Done").click()
    page.wait_for_url("**/days/2026-03-04")
    expect(page.get_by_text("Kept, with what else there is of 4 March 2026.")).to_be_visible()
