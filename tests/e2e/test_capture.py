from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.camera import Browser, film
from tests.pictures import encode, webcam
from tests.site import Site, eventually

pytestmark = pytest.mark.browser
LIVE = "[data-stage][data-phase=live]"
HELD = "[data-stage][data-phase=held]"
READ = ".result[data-state=read]"


def entries(page: Page) -> int:
    page.goto("/journal")
    return page.locator(".entry__link").count()


def test_the_space_bar_is_the_shutter(browser: Browser) -> None:
    browser.open_camera()
    browser.page.locator("h1").click()
    browser.page.keyboard.press("Space")
    expect(browser.page.locator(READ)).to_be_visible()


def test_the_space_bar_on_a_focused_shutter_takes_one_snapshot_not_two(browser: Browser) -> None:
    before = entries(browser.page)
    browser.open_camera()
    browser.page.get_by_role("button", name="Take a snapshot").focus()
    browser.page.keyboard.press("Space")
    expect(browser.page.locator(READ)).to_be_visible()
    assert entries(browser.page) == before + 1


def test_the_countdown_counts_and_escape_stops_it(browser: Browser) -> None:
    browser.open_camera()
    page = browser.page
    page.get_by_label("5 s").check()  # time enough for the key, also on a busy machine
    page.get_by_role("button", name="Take a snapshot").click()
    expect(page.locator(".stage__count")).to_have_text(re.compile("[12345]"))
    page.keyboard.press("Escape")
    expect(page.locator(LIVE)).to_be_attached()
    expect(page.locator("[data-say]")).to_contain_text("Countdown stopped")
    page.get_by_role("button", name="Take a snapshot").click()
    expect(page.locator(READ)).to_be_visible(timeout=60_000)


# The middle of what is drawn on the marks' canvas, in shares of it; null while there is nothing solid.
DRAWN_AT = """(() => {
  const canvas = document.querySelector(".stage__marks");
  const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let [count, x, y] = [0, 0, 0];
  for (let at = 0; at < width * height; at++)
    if (data[at * 4 + 3] > 250) [count, x, y] = [count + 1, x + (at % width), y + Math.floor(at / width)];
  return count > 2000 ? [x / count / width, y / count / height] : null;
})()"""


def test_an_emoji_lies_over_the_mirrored_face_and_can_be_hidden(site: Site, tmp_path: Path) -> None:
    aside = webcam().transform((640, 480), Image.Transform.AFFINE, (1, 0, -90, 0, 1, 0), fillcolor="grey")
    with Browser(site.url, film(tmp_path / "aside.mjpeg", aside)) as browser:
        browser.sign_in()
        browser.open_camera()
        page = browser.page
        page.get_by_role("button", name="Take a snapshot").click()
        left, top, right, bottom = map(float, (page.locator(READ).get_attribute("data-box") or "").split(","))
        middle = (left + right) / 2
        assert middle > 0.55, "in the middle a mirror would change nothing"
        drawn = eventually(lambda: page.evaluate(DRAWN_AT))
        assert drawn == pytest.approx([1 - middle, (top + bottom) / 2], abs=0.02)
        stage = page.locator("[data-stage]")
        stage.get_by_role("button", name="Hide emoji").click()
        expect(stage.get_by_role("button", name="Show emoji")).to_be_visible()
        eventually(lambda: page.evaluate(DRAWN_AT) is None, 30, "the emoji stayed")
        browser.forgive("willReadFrequently")  # only this test reads the canvas back
        assert browser.complaints == []


def test_a_photo_can_be_uploaded_instead(browser: Browser, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(encode(webcam(), "PNG"))
    browser.page.goto("/capture")
    browser.page.locator("[data-file]").set_input_files(photo)
    expect(browser.page.locator(READ)).to_be_visible()


def test_a_file_that_is_no_picture_has_kind_words(browser: Browser, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"not a picture")
    browser.page.goto("/capture")
    browser.page.locator("[data-file]").set_input_files(photo)
    expect(browser.page.locator("[data-reading]")).to_contain_text("JPEG, PNG, WebP and HEIC work")
    browser.forgive("415")


def test_a_correction_is_kept_and_outranks_the_camera(browser: Browser) -> None:
    browser.open_camera()
    page = browser.page
    page.get_by_role("button", name="Take a snapshot").click()
    result = page.locator(READ)
    result.get_by_text("No, it was more like").click()
    result.get_by_label("Happiness").uncheck()
    result.get_by_label("Surprise").check()
    result.locator("button[name=felt_right][value=no]").click()
    expect(page.locator(READ)).to_contain_text(re.compile("you said", re.IGNORECASE))
    page.goto("/journal")
    expect(page.locator(".entry").first).to_contain_text("You said: surprise")
    expect(page.locator(".entry").first).to_contain_text("The camera saw")


def test_discarding_deletes_snapshot_and_reading(browser: Browser) -> None:
    before = entries(browser.page)
    browser.open_camera()
    page = browser.page
    page.get_by_role("button", name="Take a snapshot").click()
    result = page.locator(READ)
    result.get_by_text("Discard, that was not me").click()
    result.get_by_role("button", name="Yes, discard it").click()
    expect(page.locator(LIVE)).to_be_attached()
    assert entries(page) == before


def test_without_scripts_the_journal_still_answers(browser: Browser) -> None:
    browser.open_camera()
    browser.shoot()
    page = browser.without_scripts()
    page.goto("/journal")
    page.locator(".entry__link").first.click()
    page.get_by_role("button", name="Yes, that").click()
    expect(page.get_by_role("status").first).to_contain_text("Thank you")


def test_going_offline_keeps_the_snapshot_and_sends_it_later(browser: Browser) -> None:
    before = entries(browser.page)
    browser.open_camera()
    browser.context.set_offline(True)
    browser.page.get_by_role("button", name="Take a snapshot").click()
    expect(browser.page.locator("[data-say]")).to_contain_text("No answer from the site")
    browser.context.set_offline(False)
    expect(browser.page.locator(READ)).to_be_visible(timeout=60_000)
    browser.forgive("ERR_INTERNET_DISCONNECTED")
    assert entries(browser.page) == before + 1


# Keeps every camera track that the page opens where a test can look at it.
WATCH_TRACKS = """
window.tracks = [];
const open = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = async function (wishes) {
  const stream = await open.call(this, wishes);
  window.tracks.push(...stream.getTracks());
  return stream;
};
"""


def test_the_camera_s_light_goes_out_with_the_page(browser: Browser) -> None:
    page = browser.page
    page.add_init_script(WATCH_TRACKS)
    browser.open_camera()
    assert page.evaluate("tracks.map((track) => track.readyState)") == ["live"]
    # Heard after the page's own listeners, since it is added last.
    page.evaluate(
        "addEventListener('pagehide', () => sessionStorage.setItem('light', tracks.map((t) => t.readyState).join()))"
    )
    page.get_by_role("link", name="Journal", exact=True).click()
    page.wait_for_url("**/journal")
    assert page.evaluate("sessionStorage.getItem('light')") == "ended"


@pytest.mark.parametrize(
    ("allow", "camera", "words"),
    [(False, True, "This page may not use the camera"), (True, False, "No camera found")],
)
def test_each_trouble_with_the_camera_has_its_own_words(
    site: Site, smile: Path, allow: bool, camera: bool, words: str
) -> None:
    with Browser(site.url, smile if camera else None, allow=allow) as browser:
        if not allow:
            browser.deny_camera()
        browser.sign_in()
        browser.page.goto("/capture")
        start = browser.page.get_by_role("button", name="Start the camera")
        heading = browser.page.get_by_role("heading", name=words)
        start.or_(heading).first.wait_for()
        if start.is_visible():
            start.click()
        expect(heading).to_be_visible()
        expect(browser.page.get_by_role("button", name="Choose a photo")).to_be_visible()
        assert browser.complaints == []


def test_a_busy_camera_has_its_own_words(browser: Browser) -> None:
    browser.page.add_init_script(
        "MediaDevices.prototype.getUserMedia = () => Promise.reject(new DOMException('in use', 'NotReadableError'));"
    )
    browser.page.goto("/capture")
    expect(browser.page.get_by_role("heading", name="The camera is busy")).to_be_visible()


def test_a_camera_that_is_unplugged_has_its_own_words_and_comes_back(browser: Browser) -> None:
    browser.page.add_init_script(WATCH_TRACKS)
    browser.open_camera()
    browser.page.evaluate("tracks[0].dispatchEvent(new Event('ended'))")
    expect(browser.page.get_by_role("heading", name="The camera went away")).to_be_visible()
    browser.page.get_by_role("button", name="Start the camera").click()
    expect(browser.page.locator(LIVE)).to_be_attached()


def test_over_plain_http_from_another_machine_the_page_says_why(site: Site, browser: Browser) -> None:
    """A page that the browser doesn't call secure, as one from another machine would be."""
    browser.page.add_init_script(
        "Object.defineProperty(window, 'isSecureContext', {value: false});"
        "Object.defineProperty(Navigator.prototype, 'mediaDevices', {value: undefined});"
    )
    browser.page.goto("/capture")
    expect(browser.page.get_by_role("heading", name="The camera needs a secure address")).to_be_visible()
    expect(browser.page.get_by_role("button", name="Choose a photo")).to_be_visible()


def test_withdrawing_consent_stops_an_open_capture_page(site: Site, browser: Browser) -> None:
    browser.open_camera()
    settings = browser.new_page()
    settings.goto("/consent")
    settings.locator("input[name=camera]").uncheck()
    settings.get_by_role("button", name="Save my choices").click()
    try:
        expect(browser.page.get_by_role("heading", name="Reading is switched off")).to_be_visible()
        assert browser.page.evaluate("document.querySelector('video').srcObject") is None
    finally:
        settings.goto("/consent")
        settings.locator("input[name=camera]").check()
        settings.get_by_role("button", name="Save my choices").click()
        settings.wait_for_url("**/capture")


def test_periodic_snapshots_come_by_the_clock_and_close_the_camera(browser: Browser) -> None:
    before = entries(browser.page)
    page = browser.page
    page.add_init_script(WATCH_TRACKS)
    page.add_init_script("Object.defineProperty(document, 'hidden', {value: true});")  # nobody looks at this tab
    page.clock.install()
    page.goto("/capture")
    page.get_by_label("Minutes between two").fill("5")
    page.get_by_role("switch").check()
    expect(page.locator("[data-periodic-next]")).to_contain_text(re.compile(r"Next snapshot in [45]:\d\d"))
    assert re.match(r"[45]:\d\d", page.title())
    assert page.evaluate("tracks.length") == 0
    page.clock.fast_forward("05:00")
    expect(page.locator("[data-periodic-last]")).to_contain_text("happiness", timeout=60_000)
    eventually(
        lambda: page.evaluate("tracks.map((track) => track.readyState).join()") == "ended", 30, "the camera stayed on"
    )
    assert re.match(r"[45]:\d\d", page.title())
    assert entries(page) == before + 1


def test_periodic_snapshots_missed_in_sleep_are_skipped_and_two_hours_ask(browser: Browser) -> None:
    page = browser.page
    page.add_init_script(WATCH_TRACKS)
    page.add_init_script("Object.defineProperty(document, 'hidden', {value: true});")
    page.clock.install()
    page.goto("/capture")
    page.get_by_label("Minutes between two").fill("5")
    page.get_by_role("switch").check()
    page.clock.fast_forward("33:00")
    expect(page.locator("[data-periodic-last]")).to_contain_text("skipped while this device slept")
    page.clock.fast_forward("01:30:00")
    expect(page.locator("[data-periodic-ask]")).to_be_visible()
    assert "aused" in page.title()
    assert page.evaluate("tracks.length") == 0
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("[data-periodic-next]")).to_contain_text("Next snapshot in")


def test_a_waiting_page_says_that_the_reader_is_warming_up(site: Site, browser: Browser) -> None:
    worker = site.part("inference@")
    assert worker is not None
    worker.kill()
    with site.redis as client:
        client.delete(":1:inference-worker")
    browser.page.goto("/capture")
    expect(browser.page.locator("[data-worker]")).to_have_attribute("data-worker", re.compile("warming|away"))
    eventually(lambda: site.presence() == b"ready", 90)
    expect(browser.page.locator("[data-worker]")).to_have_attribute("data-worker", "ready", timeout=60_000)
