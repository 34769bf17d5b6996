from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.camera import Browser, film, require_chromium
from tests.site import Site, Visitor, running

# What a page is expected to show comes soon; on a machine that is busy with other work, later.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A whole Moodtide in which Ada is the owner and agreed to camera reading."""
    require_chromium()
    # A stand-in for a browser maker's push service lives on this machine.
    with running(tmp_path_factory.mktemp("site") / "home", PUSH_PRIVATE="1") as site:
        Visitor(site.url).become_owner()
        site.wait_until_reading()
        yield site
        assert "csp_report" not in site.log(), "a page broke the content security policy"


@pytest.fixture(scope="session")
def smile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("camera") / "smile.mjpeg")


@pytest.fixture
def browser(site: Site, smile: Path) -> Iterator[Browser]:
    """Ada, signed in before a working camera. No page may complain, least of all of the content security policy."""
    with Browser(site.url, smile) as browser:
        browser.sign_in()
        yield browser
        assert browser.complaints == []
