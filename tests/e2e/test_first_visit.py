"""From an empty site to the first mixture, as a newcomer would."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.camera import Browser, require_chromium
from tests.site import PASSWORD, running

pytestmark = pytest.mark.browser


def test_a_newcomer_becomes_owner_consents_shoots_and_sees_happiness(tmp_path: Path, smile: Path) -> None:
    require_chromium()
    with running(tmp_path / "home") as site, Browser(site.url, smile) as browser:
        page = browser.page
        page.goto("/")
        expect(page).to_have_url(f"{site.url}/welcome")
        page.get_by_label("Username").fill("ada")
        for field in page.locator("input[type=password]").all():
            field.fill(PASSWORD)
        page.get_by_role("button", name="Begin").click()

        expect(page).to_have_url(f"{site.url}/consent")
        boxes = page.get_by_role("checkbox")
        expect(boxes).to_have_count(4)
        assert not any(box.is_checked() for box in boxes.all())
        boxes.first.check()
        page.get_by_role("button", name="Save my choices").click()

        expect(page).to_have_url(f"{site.url}/capture")
        browser.open_camera()
        page.get_by_role("button", name="Take a snapshot").click()
        result = page.locator(".result[data-state=read]")
        expect(result.locator("[data-headline]")).to_contain_text("happiness", timeout=60_000)
        expect(result.locator(".bars li")).to_have_count(8)
        expect(result.locator(".bars__present")).to_contain_text("Happiness")

        page.goto("/journal")
        expect(page.locator(".entry__link")).to_have_count(1)
        assert browser.complaints == []
        assert "csp_report" not in site.log()
