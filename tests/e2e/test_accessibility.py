"""axe finds no serious fault, at both widths, light and dark; nothing scrolls sideways at 360 px."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.camera import Browser

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/capture",
    "/check-ins/new",
    "/history",
    "/journal",
    "/settings",
    "/settings/reminders",
    "/people",
    "/consent",
    "/privacy",
    "/admin/",
    "/admin/versions/1",
    "/admin/versions/1/thresholds",
    "/admin/versions/new",
    "/admin/drift",
    "/admin/roles",
    "/admin/registry/decision/",
    "/admin/registry/evaluation/",
    "/nowhere",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_has_no_serious_fault(browser: Browser, path: str, scheme: str) -> None:
    page = browser.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 780})
        page.goto(path)
        found = Axe().run(page)
        serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
        assert serious == [], [(v["id"], v["nodes"][0]["html"]) for v in serious]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    browser.forgive("404 (Not Found)")
