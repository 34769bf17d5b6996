"""Draws the PNGs that phones want from the two drawings of the mark: ``python -m tests.icons``.

``favicon.svg`` is the mark in its disc; ``icon.svg`` fills the square, for phones that cut it to a shape of their own.
The PNGs are kept beside them. Draw them anew when a drawing changes.
"""

from __future__ import annotations

from typing import Final

from playwright.sync_api import sync_playwright

from tests.camera import chromium
from tests.site import ROOT

WHERE: Final = ROOT / "journal" / "web" / "static" / "web"
ICONS: Final = {
    "icon-192.png": ("favicon.svg", 192),
    "icon-512.png": ("favicon.svg", 512),
    "icon-full-512.png": ("icon.svg", 512),
    "apple-touch-icon.png": ("icon.svg", 180),
}


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name, (drawing, size) in ICONS.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            svg = (WHERE / drawing).read_text().replace('width="64" height="64"', f'width="{size}" height="{size}"', 1)
            page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{svg}")
            page.screenshot(path=WHERE / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
