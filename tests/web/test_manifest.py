"""What a phone needs before it installs Moodtide."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from journal.accounts.models import User

pytestmark = pytest.mark.django_db
ADDRESS = "/manifest.webmanifest"


def icon(address: str) -> Image.Image:
    found = finders.find(address.removeprefix("/static/"))
    assert found, address
    return Image.open(BytesIO(Path(str(found)).read_bytes()))


def test_every_page_leads_to_it_and_its_icon(client: Client, person: User) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert f'<link rel="manifest" href="{ADDRESS}">' in page
    assert '<link rel="apple-touch-icon" href="/static/web/apple-touch-icon.png">' in page


def test_it_says_what_a_phone_asks_for(client: Client, person: User) -> None:
    answer = client.get(ADDRESS)
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert answer.headers["Cache-Control"] == "no-cache"
    found = answer.json()
    assert (found["name"], found["short_name"], found["display"]) == ("Moodtide", "Moodtide", "standalone")
    assert found["start_url"] == found["scope"] == found["id"] == "/"
    assert {one["purpose"] for one in found["icons"]} == {"any", "maskable"}
    for one in found["icons"]:
        drawn = icon(one["src"])
        assert (one["sizes"], one["type"]) == (f"{drawn.width}x{drawn.height}", "image/png")


def test_its_colours_are_the_pages_own(client: Client, person: User) -> None:
    found = client.get(ADDRESS).json()
    tokens = (Path(__file__).parents[2] / "journal/web/frontend/src/styles/tokens.css").read_text()
    assert f"--paper: {found['background_color']};" in tokens
    assert f"--mist: {found['theme_color']};" in tokens
    assert (
        f'content="{found["theme_color"]}" media="(prefers-color-scheme: light)"'
        in client.get("/privacy").content.decode()
    )


def test_icons_that_a_phone_cuts_itself_reach_into_every_corner(client: Client, person: User) -> None:
    cut = [one["src"] for one in client.get(ADDRESS).json()["icons"] if one["purpose"] == "maskable"]
    for address in [*cut, "/static/web/apple-touch-icon.png"]:
        corners = icon(address).convert("RGBA")
        assert all(corners.getpixel(at)[3] == 255 for at in ((0, 0), (corners.width - 1, corners.height - 1)))  # type: ignore[index]
