"""An administrator brings a second model in, tries it out, puts it in charge and goes back, all in the browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.bundles import shipped_zip
from tests.camera import Browser
from tests.pictures import encode, webcam
from tests.site import Visitor, eventually, state

pytestmark = pytest.mark.browser


@pytest.fixture
def visitor(browser: Browser) -> Visitor:
    """Ada without a screen, who agreed to trials."""
    visitor = Visitor(browser.url)
    visitor.sign_in()
    visitor.post("/consent", {"camera": "on", "trial": "on"})
    return visitor


def shoot(visitor: Visitor) -> str:
    """Take a snapshot and return the name of the model that read it."""
    shot = visitor.shoot(encode(webcam()))
    assert state(visitor.result(shot, 60)) == "read"
    own = shot.json()["result"].removesuffix("/result")
    # Other tests' snapshots may bear later times: their clocks run ahead.
    for day in re.findall(r'href="(/days/[^"]+)"', visitor.get("/journal").text):
        if found := re.search(rf'{own}".*?Read by ([^<]+)<', visitor.get(day).text, re.DOTALL):
            return found[1].strip()
    raise AssertionError(f"no day shows {own}")


def until(page: Page, words: str, seconds: float = 90) -> None:
    """Load the page again until it says so, as a person would."""

    def said() -> bool:
        # A form that was just sent is still on its way to its page.
        page.wait_for_load_state()
        page.goto(page.url)
        return page.get_by_text(words).first.is_visible()

    eventually(said, seconds, f"the page never said {words!r}")


def test_a_second_model_from_its_upload_to_the_way_back(browser: Browser, visitor: Visitor, tmp_path: Path) -> None:
    page, bundle = browser.page, tmp_path / "second.zip"
    bundle.write_bytes(shipped_zip("second", calibration={"kind": "temperature", "temperature": 2.0, "fitted_on": ""}))
    shipped = shoot(visitor)

    page.goto("/settings")
    page.get_by_role("link", name="Models that read faces").click()
    page.get_by_role("link", name="Bring a version in").click()
    page.get_by_label("A bundle as a zip").set_input_files(bundle)
    page.get_by_role("button", name="Take it in").click()
    until(page, "Candidate")
    here = page.url
    expect(page.get_by_text("for a drawn face")).to_be_visible()

    sha256 = json.loads((Path("inference/bundles/moodtide/manifest.json")).read_text())["sha256"]
    figures = {"bundle": {"name": "second", "sha256": sha256}, "split": "valid", "figures": {"macro_f1": 0.5}}
    (tmp_path / "figures.json").write_text(json.dumps(figures))
    page.get_by_label("Figures").set_input_files(tmp_path / "figures.json")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("The figures are here.")).to_be_visible()

    page.get_by_role("button", name="Start a trial").click()
    shoot(visitor)
    page.get_by_role("link", name=f"Compare with {shipped}").click()
    until(page, "both have read: 1, of 1 person")

    page.goto(here)
    page.get_by_label("Why").first.fill("It is the same network, more careful.")
    page.get_by_role("button", name="Approve").click()
    page.get_by_label("Why").first.fill("To see what it does.")
    with page.expect_navigation():  # or the next address would be asked for before the form is sent
        page.get_by_role("button", name="Put it in charge").click()
    page.goto("/admin/")
    until(page, "reads with second", 30)
    assert shoot(visitor) == "second"

    page.get_by_role("button", name=f"Go back to {shipped}").click()
    until(page, f"reads with {shipped}", 30)
    assert shoot(visitor) == shipped
