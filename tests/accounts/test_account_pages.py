"""The doors that allauth opens: each looks like ours, and nobody signs up alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.test import Client

import journal.settings
from journal.accounts.models import User

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def no_rate_limits_left_over() -> None:
    cache.clear()


@pytest.fixture
def mira() -> User:
    return User.objects.create_user("mira", password=PASSWORD)


@pytest.fixture
def mira_client(client: Client, mira: User) -> Client:
    client.force_login(mira)
    return client


def names(response: object) -> set[str]:
    return {template.name for template in response.templates}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path",
    ["login", "signup", "password/reset", "password/reset/done", "password/reset/key/done", "inactive",
     "confirm-email", "confirm-email/nonsense", "password/reset/key/1-nonsense"],
)  # fmt: skip
def test_every_page_before_sign_in_is_drawn_in_our_frame(client: Client, mira: User, path: str) -> None:
    response = client.get(f"/accounts/{path}/")
    assert response.status_code == 200
    assert "base.html" in names(response) and "allauth/layouts/base.html" not in names(response)


@pytest.mark.parametrize("path", ["logout", "password/change", "email", "reauthenticate"])
def test_every_page_after_sign_in_is_drawn_in_our_frame(mira_client: Client, path: str) -> None:
    response = mira_client.get(f"/accounts/{path}/")
    assert response.status_code == 200
    assert "base.html" in names(response) and "allauth/layouts/base.html" not in names(response)


def test_nobody_signs_up_by_themselves(client: Client, mira: User) -> None:
    form = {"username": "eve", "password1": PASSWORD, "password2": PASSWORD}
    assert b"needs an invitation" in client.post("/accounts/signup/", form).content
    assert User.objects.count() == 1


def test_signing_in_leads_to_today(client: Client, mira: User) -> None:
    response = client.post("/accounts/login/", {"login": "Mira", "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"] == "/"


def test_passwords_are_kept_by_a_function_that_is_slow_to_guess(settings: Settings, mira: User) -> None:
    settings.PASSWORD_HASHERS = journal.settings.PASSWORD_HASHERS  # tests have another, for speed
    mira.set_password(PASSWORD)
    assert mira.password.startswith("argon2$argon2id$")
    assert mira.check_password(PASSWORD)


def test_guessing_passwords_is_slowed_down(client: Client, mira: User) -> None:
    for guess in range(6):
        client.post("/accounts/login/", {"login": "mira", "password": f"guess {guess}"})
    response = client.post("/accounts/login/", {"login": "mira", "password": PASSWORD})
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_an_address_is_asked_for_only_if_mail_can_be_sent(mira_client: Client, settings: Settings) -> None:
    assert b"action_add" in mira_client.get("/accounts/email/").content
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert b"action_add" not in mira_client.get("/accounts/email/").content


def test_an_added_address_is_confirmed_by_its_link(mira_client: Client, mailoutbox: list[object], mira: User) -> None:
    mira_client.post("/accounts/email/", {"email": "mira@example.org", "action_add": ""})
    assert b"mira@example.org" in mira_client.get("/accounts/email/").content
    body = mailoutbox[0].body  # type: ignore[attr-defined]
    path = "/accounts/confirm-email/" + body.split("/accounts/confirm-email/")[1].split()[0]
    assert b"mira@example.org" in mira_client.get(path).content
    mira_client.post(path)
    assert mira.emailaddress_set.get().verified
