"""The first visit makes the owner; until then every page leads there, and afterwards none does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from journal.accounts import people
from journal.accounts.models import User

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
FORM = {"username": "mira", "password1": PASSWORD, "password2": PASSWORD, "zone": "Europe/Vienna"}


@pytest.mark.parametrize("path", ["/", "/capture", "/settings", "/people", "/accounts/login/", "/join/x", "/nowhere"])
def test_every_page_leads_to_welcome_while_nobody_lives_here(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, "/welcome")


@pytest.mark.parametrize("path", ["/privacy", "/healthz", "/welcome", "/manifest.webmanifest"])
def test_some_pages_answer_before_there_is_anybody(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_csp_reports_and_static_files_are_not_led_away(client: Client) -> None:
    assert client.post("/csp-report", b"{}", content_type="application/csp-report").status_code == 400
    assert client.get("/static/nothing.css").status_code == 404


def test_the_first_visitor_becomes_the_owner_and_is_asked_for_consent(client: Client) -> None:
    response = client.post("/welcome", FORM)
    assert response["Location"] == "/consent"
    owner = User.objects.get()
    assert owner.is_owner and owner.is_superuser
    assert owner.profile.zone == "Europe/Vienna"
    assert client.get("/consent").status_code == 200


def test_it_works_without_a_script_that_names_the_zone(client: Client) -> None:
    client.post("/welcome", {**FORM, "zone": ""})
    assert User.objects.get().profile.zone == "UTC"


@pytest.mark.parametrize(
    "wrong", [{"password2": "something else"}, {"password1": "short", "password2": "short"}, {"username": ""}]
)
def test_a_form_that_is_not_right_makes_nobody(client: Client, wrong: dict[str, str]) -> None:
    response = client.post("/welcome", {**FORM, **wrong})
    assert response.status_code == 200
    assert b"errorlist" in response.content
    assert not User.objects.exists()


def test_it_says_what_a_password_needs(client: Client) -> None:
    assert b"at least 10 characters" in client.get("/welcome").content


def test_nobody_becomes_owner_afterwards(client: Client) -> None:
    User.objects.create_user("jonas")
    assert client.get("/welcome")["Location"] == "/"
    assert client.post("/welcome", FORM)["Location"] == "/"
    assert User.objects.count() == 1


def test_the_slower_of_two_first_visitors_is_led_to_sign_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    people.create_owner("jonas", PASSWORD)
    monkeypatch.setattr("journal.web.welcome.anybody_home", lambda: False)
    monkeypatch.setattr(people, "anybody_home", lambda: False)
    response = client.post("/welcome", FORM)
    assert response["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == 1


def test_once_somebody_lives_here_it_is_not_asked_again(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    User.objects.create_user("jonas")
    client.get("/accounts/login/")
    with django_assert_num_queries(0):
        assert client.get("/accounts/login/").status_code == 200


def test_pages_of_somebody_signed_in_are_kept_by_no_cache(client: Client) -> None:
    client.force_login(User.objects.create_user("jonas"))
    for path in ("/settings", "/privacy", "/nowhere"):
        assert client.get(path)["Cache-Control"] == "no-store, private"


def test_pages_for_everybody_are_left_alone(client: Client) -> None:
    User.objects.create_user("jonas")
    assert "no-store" not in client.get("/privacy").get("Cache-Control", "")
