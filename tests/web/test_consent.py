"""The consent page asks before anything is taken, stores every answer, and lets people stop."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.test import Client
from django.utils.html import strip_tags

from journal.accounts import consent
from journal.accounts.forms import ConsentForm
from journal.accounts.models import Consent, Purpose, User

pytestmark = pytest.mark.django_db

# What people agreed to under the versions in journal.accounts.consent.TEXT_VERSIONS.
WORDS = "5a56ecfd8d416e0a"


@pytest.fixture
def mira() -> User:
    return User.objects.create_user("mira")


@pytest.fixture
def mira_client(client: Client, mira: User) -> Client:
    client.force_login(mira)
    return client


def ticked(page: bytes) -> set[str]:
    boxes = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", page.decode())
    assert len(boxes) == 4
    return {re.search(r'name="(\w+)"', box)[1] for box in boxes if "checked" in box}  # type: ignore[index]


def test_it_needs_somebody_signed_in(client: Client, mira: User) -> None:
    assert client.get("/consent")["Location"].startswith("/accounts/login/")


def test_nothing_is_ticked_for_anybody(mira_client: Client) -> None:
    assert ticked(mira_client.get("/consent").content) == set()


def test_agreeing_to_the_camera_leads_to_it(mira_client: Client, mira: User) -> None:
    assert mira_client.post("/consent", {"camera": "on"})["Location"] == "/capture"
    assert consent.standing(mira) == {
        Purpose.CAMERA: True,
        Purpose.KEEP_PICTURES: False,
        Purpose.TRIAL: False,
        Purpose.COUNTED: False,
    }


def test_declining_everything_is_an_answer_and_leads_to_the_journal(mira_client: Client, mira: User) -> None:
    assert mira_client.post("/consent")["Location"] == "/"
    assert Consent.objects.filter(user=mira, granted=False).count() == 4
    assert not consent.needs_asking(mira)


def test_what_holds_is_ticked_and_can_be_taken_back(mira_client: Client, mira: User) -> None:
    mira_client.post("/consent", {"camera": "on", "keep_pictures": "on"})
    assert ticked(mira_client.get("/consent").content) == {"camera", "keep_pictures"}
    mira_client.post("/consent", {"camera": "on"})
    assert consent.holds(mira, Purpose.CAMERA)
    assert not consent.holds(mira, Purpose.KEEP_PICTURES)


def test_new_words_untick_the_box_and_say_so(mira_client: Client, mira: User, monkeypatch: pytest.MonkeyPatch) -> None:
    mira_client.post("/consent", {"camera": "on", "trial": "on"})
    assert b"have changed" not in mira_client.get("/consent").content
    monkeypatch.setattr(consent, "TEXT_VERSIONS", {**consent.TEXT_VERSIONS, Purpose.CAMERA: "2031-01"})
    page = mira_client.get("/consent").content
    assert ticked(page) == {"trial"}
    assert b"have changed" in page


def test_it_shows_ones_own_history_and_nobody_elses(mira_client: Client, mira: User) -> None:
    consent.decide(User.objects.create_user("jonas"), Purpose.CAMERA, True)
    assert b"chose before" not in mira_client.get("/consent").content
    for granted in (True, False):
        consent.decide(mira, Purpose.CAMERA, granted)
    page = mira_client.get("/consent")
    assert [row.granted for row in page.context["history"]] == [False, True]
    assert b"chose before" in page.content


def test_changed_words_need_a_new_version(mira_client: Client) -> None:
    """If this fails you changed what people agree to.

    When the meaning changed, change the version in journal/accounts/consent.py too, so that everybody is asked
    anew. Then put the new digest here.
    """
    page = mira_client.get("/consent").content.decode()
    section = re.search(r'<section[^>]*id="words">(.*?)</section>', page, re.DOTALL)
    assert section
    words = [strip_tags(section[1]), *(str(part) for pair in ConsentForm().words() for part in pair)]
    assert hashlib.sha256(" ".join(" ".join(words).split()).encode()).hexdigest()[:16] == WORDS
