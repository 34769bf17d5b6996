"""Settings: a person's days, their account, and the way to everything else."""

from __future__ import annotations

from datetime import time

import pytest
from django.test import Client

from journal.accounts.models import User

pytestmark = pytest.mark.django_db
FORM = {"zone": "Europe/Vienna", "day_start": "05:30", "capture_interval": "45"}


@pytest.fixture
def mira() -> User:
    return User.objects.create_user("mira")


@pytest.fixture
def mira_client(client: Client, mira: User) -> Client:
    client.force_login(mira)
    return client


def test_it_needs_somebody_signed_in(client: Client, mira: User) -> None:
    assert client.get("/settings")["Location"].startswith("/accounts/login/")
    assert client.post("/settings", FORM)["Location"].startswith("/accounts/login/")


def test_it_saves_ones_own_profile_alone(mira_client: Client, mira: User) -> None:
    jonas = User.objects.create_user("jonas")
    assert mira_client.post("/settings", FORM)["Location"] == "/settings"
    mira.profile.refresh_from_db()
    assert mira.profile.zone == "Europe/Vienna"
    assert mira.profile.day_start == time(5, 30)
    assert mira.profile.capture_interval == 45
    jonas.profile.refresh_from_db()
    assert jonas.profile.zone == "UTC"


def test_it_shows_what_is_saved(mira_client: Client) -> None:
    mira_client.post("/settings", FORM)
    page = mira_client.get("/settings").content.decode()
    assert '<option value="Europe/Vienna" selected>' in page
    assert 'value="05:30"' in page
    assert 'value="45"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Middle-earth/Shire"},
        {"zone": ""},
        {"day_start": "25:00"},
        {"capture_interval": "1"},
        {"capture_interval": "100000"},
        {"capture_interval": ""},
    ],
)
def test_what_makes_no_sense_is_not_saved(mira_client: Client, mira: User, wrong: dict[str, str]) -> None:
    response = mira_client.post("/settings", {**FORM, **wrong})
    assert b"errorlist" in response.content
    mira.profile.refresh_from_db()
    assert (mira.profile.zone, mira.profile.capture_interval) == ("UTC", 30)


def test_it_leads_to_consent_and_password(mira_client: Client) -> None:
    page = mira_client.get("/settings").content
    assert b'href="/consent"' in page
    assert b'href="/accounts/password/change/"' in page


def test_people_are_only_for_those_who_look_after_the_site(mira_client: Client, mira: User) -> None:
    assert b'href="/people"' not in mira_client.get("/settings").content
    User.objects.filter(pk=mira.pk).update(is_superuser=True)
    assert b'href="/people"' in mira_client.get("/settings").content
