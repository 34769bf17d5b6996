"""The reminders page in a real browser, and what its service worker shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import CDPSession, Page, expect

from tests.camera import Browser
from tests.pushservice import PushService, Receiver, push_service
from tests.site import eventually

pytestmark = pytest.mark.browser
PAGE = "/settings/reminders"
# Chromium without Google's keys can't subscribe anywhere. What stands in for it answers as the browser would have,
# with a subscription at the test's own service; all else, the worker and its display too, is the browser's.
SUBSCRIBE = """
(() => {
  const given = %s;
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const made = (options) => ({
    endpoint: given.endpoint,
    options,
    getKey: (name) => bytes(given[name]).buffer,
    unsubscribe: async () => { sessionStorage.removeItem("subscribed"); return true; },
  });
  PushManager.prototype.subscribe = async function (options) {
    sessionStorage.setItem("subscribed", options.applicationServerKey);
    return made(options);
  };
  PushManager.prototype.getSubscription = async function () {
    const key = sessionStorage.getItem("subscribed");
    return key ? made({ applicationServerKey: bytes(key).buffer }) : null;
  };
})();
"""


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


def lend(browser: Browser, receiver: Receiver) -> None:
    browser.context.grant_permissions(["notifications"], origin=browser.url)
    browser.page.add_init_script(SUBSCRIBE % json.dumps(receiver.fields))


def open_this(browser: Browser) -> Page:
    page = browser.page
    page.goto(PAGE)
    page.get_by_role("button", name="Notify me in this browser").click()
    expect(page.get_by_text("(this browser)")).to_be_visible()
    return page


def send_test(page: Page) -> None:
    page.get_by_role("button", name="Send a test notification").click()
    expect(page.locator(".trial")).to_contain_text("Sent.", timeout=30_000)


def registration_of(browser: Browser) -> tuple[CDPSession, str]:
    """The browser's own name for the worker's registration; Chromium tells it to its tools."""
    session, found = browser.context.new_cdp_session(browser.page), list[str]()

    def hear(event: dict[str, Any]) -> None:
        found.extend(row["registrationId"] for row in event["registrations"] if not row["isDeleted"])

    session.on("ServiceWorker.workerRegistrationUpdated", hear)
    session.send("ServiceWorker.enable")

    def known() -> str:
        browser.page.evaluate("0")  # lets events in
        return found[-1] if found else ""

    return session, eventually(known, 60, "the worker was never registered")


def shown(page: Page) -> list[dict[str, str]]:
    """The notifications that are on show."""
    rows: list[dict[str, str]] = page.evaluate(
        """async () => (await (await navigator.serviceWorker.ready).getNotifications())
             .map(({ title, body, data, tag }) => ({ title, body, data, tag }))"""
    )
    return rows


def bring(session: CDPSession, message: dict[str, str], page: Page) -> list[dict[str, str]]:
    """Hand a message to the worker, and what is on show half a second later.

    On a busy machine Chromium's tools lose one now and then; the same message again takes the place of itself.
    """
    session.send("ServiceWorker.deliverPushMessage", message)
    page.wait_for_timeout(500)
    return shown(page)


def test_a_message_is_sealed_sent_and_shown(browser: Browser, service: PushService) -> None:
    lend(browser, service.browser("desk"))
    page = open_this(browser)
    send_test(page)
    [came] = service.arrived
    session, registration = registration_of(browser)
    message = {"origin": browser.url, "registrationId": registration, "data": json.dumps(came.note)}
    bring(session, message, page)
    [note] = eventually(lambda: bring(session, message, page), 60, "nothing was shown")
    assert note == {
        "title": "Moodtide",
        "body": "Moodtide has a note for you",
        "data": came.note["url"],
        "tag": came.note["tag"],
    }
    page.goto(note["data"])
    assert page.url == f"{browser.url}{PAGE}"
    # A message that can't be read is shown too, and says as little.
    eventually(
        lambda: len(bring(session, message | {"data": "not JSON"}, page)) == 2,
        60, "a message that can't be read was not shown",
    )  # fmt: skip
    assert {"title": "Moodtide", "body": "Moodtide has a note for you", "data": "/", "tag": "note"} in shown(page)
    page.get_by_role("button", name="Remove", exact=False).last.click()
    expect(page.get_by_text("Nothing is sent there any more")).to_be_visible()
    expect(page.get_by_role("button", name="Notify me in this browser")).to_be_visible()


# What only a person's click and the browser's maker can bring about is played to the real service worker. Such an
# event can't be held open, so ``waitUntil`` is the test's own.
CLICK = """
async (pages) => {
  const opened = [];
  Clients.prototype.openWindow = async (page) => void opened.push(page);
  for (const data of pages) {
    const event = new ExtendableEvent("notificationclick");
    Object.assign(event, { notification: { data, close: () => opened.push("closed") }, waitUntil: () => undefined });
    self.dispatchEvent(event);
  }
  return opened;
}
"""
CHANGE = """
async ({ old, fresh }) => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const newSubscription = { endpoint: fresh.endpoint, getKey: (name) => bytes(fresh[name]).buffer };
  const done = new Promise((resolve) => {
    const event = new ExtendableEvent("pushsubscriptionchange");
    Object.assign(event, { oldSubscription: { endpoint: old }, newSubscription, waitUntil: resolve });
    self.dispatchEvent(event);
  });
  await done;
}
"""


def test_a_click_opens_a_page_of_this_site_and_a_changed_subscription_is_handed_on(
    browser: Browser, service: PushService
) -> None:
    old, fresh = service.browser("before"), service.browser("after")
    lend(browser, old)
    page = open_this(browser)
    eventually(lambda: page.evaluate("1") and browser.context.service_workers, 60, "no worker runs")
    [worker] = browser.context.service_workers
    assert worker.evaluate(CLICK, ["/told/1", "https://elsewhere.example/", "//elsewhere.example"]) == [
        "closed", f"{browser.url}/told/1", "closed", browser.url, "closed", browser.url,
    ]  # fmt: skip
    worker.evaluate(CHANGE, {"old": old.endpoint, "fresh": fresh.fields})
    send_test(page)
    assert [came.path for came in service.arrived] == ["/send/after"]
    page.get_by_role("button", name="Remove").last.click()
    expect(page.get_by_text("Nothing is sent there any more")).to_be_visible()


def test_a_browser_that_is_gone_is_said_and_removed(browser: Browser, service: PushService) -> None:
    lend(browser, service.browser("old"))
    service.answers = [(410, {})]
    page = open_this(browser)
    page.get_by_role("button", name="Send a test notification").click()
    expect(page.locator(".trial")).to_contain_text("no longer takes messages", timeout=30_000)
    page.goto(PAGE)
    expect(page.get_by_text("No browser notifies you yet")).to_be_visible()


def test_who_said_no_is_told_how_to_change_it(browser: Browser) -> None:
    page = browser.page
    session = browser.context.new_cdp_session(page)
    session.send(
        "Browser.setPermission",
        {"permission": {"name": "notifications"}, "setting": "denied", "origin": browser.url},
    )
    page.goto(PAGE)
    expect(page.get_by_text("was told not to show notifications")).to_be_visible()
    expect(page.get_by_role("button", name="Notify me in this browser")).to_be_hidden()


def test_times_and_choices_by_keyboard_and_without_scripts(browser: Browser) -> None:
    plain = browser.without_scripts()
    plain.goto(PAGE)
    expect(plain.get_by_role("button", name="Notify me in this browser")).to_be_hidden()
    plain.get_by_label("Time:").fill("20:30")
    plain.get_by_label("Sunday").focus()
    plain.keyboard.press("Space")
    plain.get_by_role("button", name="Add this time").click()
    expect(plain.get_by_text("Monday, Tuesday, Wednesday, Thursday, Friday and Saturday")).to_be_visible()
    expect(plain.get_by_text("nothing is sent yet")).to_be_visible()
    plain.get_by_role("group", name="Reminders").get_by_label("Browser notifications").check()
    plain.get_by_role("button", name="Save").first.click()
    expect(plain.get_by_text("no browser takes them yet")).to_be_visible()
    plain.get_by_label("Keep quiet hours").check()
    plain.get_by_role("button", name="Save").last.click()
    plain.get_by_label("Time:").fill("06:15")
    plain.get_by_role("button", name="Add this time").click()
    expect(plain.get_by_text("so it waits until 07:00")).to_be_visible()
    assert_no_fault(browser)
    for _time in range(2):
        plain.get_by_role("button", name="Remove").first.click()
    expect(plain.get_by_text("No times yet")).to_be_visible()


def test_the_browser_finds_no_fault_with_the_manifest(browser: Browser) -> None:
    browser.page.goto(PAGE)
    session = browser.context.new_cdp_session(browser.page)
    found = session.send("Page.getAppManifest")
    assert found["url"] == f"{browser.url}/manifest.webmanifest"
    assert found["errors"] == []
    # What remains is the test's own doing: an empty profile counts as a private window.
    missing = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [fault["errorId"] for fault in missing] == ["in-incognito"]


def assert_no_fault(browser: Browser) -> None:
    """A page full of times and warnings has no serious fault either."""
    page = browser.page
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 780})
            page.goto(PAGE)
            found = Axe().run(page).response["violations"]
            assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
