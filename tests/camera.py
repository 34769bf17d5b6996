"""A real Chromium with a film for a camera."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.pictures import encode, webcam
from tests.site import PASSWORD, eventually

FRAMES = 20
# Thirty sign-ins a minute are let in from one address, and a fast machine comes there: a session, once begun, is kept
# for all browsers of that person, by the site's address and the name.
sessions: dict[tuple[str, str], list[Any]] = {}
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def chromium() -> str | None:
    """Where this machine's Chromium is."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def require_chromium() -> str:
    """Chromium's path; without it the test is skipped, or fails where browser tests must run."""
    path = chromium()
    if path is None:
        assert "MOODTIDE_REQUIRE_BROWSER" not in os.environ, "Browser tests must run here, and there is no Chromium."
        pytest.skip("there is no Chromium on this machine")
    return path


def film(path: Path, image: Image.Image | None = None) -> Path:
    """A Motion-JPEG film of somebody who smiles and moves a little."""
    image = image or webcam()
    moves = [abs(FRAMES // 2 - frame) for frame in range(FRAMES)]
    path.write_bytes(
        b"".join(
            encode(image.transform(image.size, Image.Transform.AFFINE, (1, 0, m, 0, 1, 0)), quality=90) for m in moves
        )
    )
    return path


class Browser:
    """One Chromium with an empty profile; every complaint of its console is kept in ``complaints``."""

    def __init__(self, url: str, camera: Path | None, allow: bool = True, **context: Any) -> None:
        self.url, self.camera, self.allow = url, camera, allow
        self.options, self.complaints = context, list[str]()

    def __enter__(self) -> Browser:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=require_chromium(), args=[*ARGUMENTS, *self._camera_arguments()]
        )
        self.context: BrowserContext = self._browser.new_context(base_url=self.url, **self.options)
        self.context.set_default_timeout(60_000)
        if self.allow:
            self.context.grant_permissions(["camera"])
        self.page = self.new_page()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._browser.close()
        self._playwright.stop()

    def _camera_arguments(self) -> list[str]:
        if self.camera is None:
            return []
        return ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={self.camera}"]

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") or "Content Security Policy" in message.text:
            self.complaints.append(f"{message.type}: {message.text}")

    def forgive(self, words: str) -> None:
        """Drop what the browser itself notes about an answer that the test wanted, and nothing else."""
        self.complaints[:] = [said for said in self.complaints if words not in said]

    def without_scripts(self) -> Page:
        """A page of the same person in which no script runs."""
        plain = self._browser.new_context(base_url=self.url, java_script_enabled=False)
        plain.add_cookies([{"name": c["name"], "value": c["value"], "url": self.url} for c in self.context.cookies()])
        return plain.new_page()

    def deny_camera(self) -> None:
        """Answer the browser's question about the camera with no, as a person would."""
        session = self._browser.new_browser_cdp_session()
        session.send(
            "Browser.setPermission", {"permission": {"name": "camera"}, "setting": "denied", "origin": self.url}
        )

    def sign_in(self, name: str = "ada", password: str = PASSWORD) -> None:
        """Go on with the session that the person has, or begin one."""
        self.context.add_cookies(sessions.get((self.url, name), []))
        self.page.goto("/accounts/login/")
        if self.page.url == f"{self.url}/":
            return
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.url}/")
        sessions[self.url, name] = self.context.cookies()

    def open_camera(self) -> None:
        """Go to the capture page and wait for the live picture."""
        self.page.goto("/capture")
        self.page.locator("[data-stage][data-phase=live]").or_(
            self.page.get_by_role("button", name="Start the camera")
        ).first.wait_for()
        start = self.page.get_by_role("button", name="Start the camera")
        if start.is_visible():
            start.click()
        self.page.locator("[data-stage][data-phase=live]").wait_for()

    def shoot(self) -> float:
        """Press the shutter and wait for the mixture; the seconds between the page's own two marks."""
        self.page.evaluate("performance.clearMarks()")
        self.page.get_by_role("button", name="Take a snapshot").click()
        # Playwright's own waiting for a function needs eval, which the site's policy rightly forbids.
        eventually(lambda: self.page.evaluate("performance.getEntriesByName('moodtide:mixture').length"), 60)
        first, last = self.page.evaluate(
            "['shutter', 'mixture'].map((name) => performance.getEntriesByName(`moodtide:${name}`)[0].startTime)"
        )
        self.page.get_by_role("button", name="Take another").click()
        self.page.locator("[data-stage][data-phase=live]").wait_for()
        return float(last - first) / 1000
