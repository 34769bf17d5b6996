"""People and invitations, for administrators; for anybody else the page isn't there."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from journal.accounts.invitations import invite, redeem
from journal.accounts.models import Invitation, User

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries, Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return User.objects.create_superuser("mira")


@pytest.fixture
def owner_client(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def test_it_is_not_there_for_others(client: Client, owner: User) -> None:
    client.force_login(User.objects.create_user("jonas"))
    pk = invite(owner).invitation.pk
    assert client.get("/people").status_code == 404
    assert client.post("/people", {"label": "eve"}).status_code == 404
    assert client.post(f"/people/invitations/{pk}/revoke").status_code == 404
    assert Invitation.objects.get().state == Invitation.State.OPEN


def test_it_needs_somebody_signed_in(client: Client, owner: User) -> None:
    assert client.get("/people")["Location"].startswith("/accounts/login/")
    assert client.post(f"/people/invitations/{uuid.uuid4()}/revoke").status_code == 302


def test_a_new_link_is_shown_whole_and_once(owner_client: Client, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://moods.example"
    page = owner_client.post("/people", {"label": "my brother"}).content.decode()
    link = re.search(r'<input[^>]*readonly value="(https://moods\.example/join/[^"]+)"', page)
    assert link
    token = link[1].rpartition("/")[2]
    assert Client().get(f"/join/{token}").status_code == 200
    again = owner_client.get("/people").content.decode()
    assert token not in again
    assert "my brother" in again


def test_an_invitation_needs_no_label(owner_client: Client) -> None:
    assert b"/join/" in owner_client.post("/people").content
    assert Invitation.objects.count() == 1


def test_it_takes_an_invitation_back(owner_client: Client, owner: User) -> None:
    issued = invite(owner)
    assert owner_client.post(f"/people/invitations/{issued.invitation.pk}/revoke")["Location"] == "/people"
    assert Client().get(f"/join/{issued.token}").status_code == 410


def test_looking_takes_nothing_back(owner_client: Client, owner: User) -> None:
    issued = invite(owner)
    assert owner_client.get(f"/people/invitations/{issued.invitation.pk}/revoke").status_code == 405
    assert Client().get(f"/join/{issued.token}").status_code == 200


def test_only_open_invitations_can_be_taken_back(owner_client: Client, owner: User) -> None:
    redeem(invite(owner).token, "jonas", "correct horse battery")
    page = owner_client.get("/people").content.decode()
    assert "/revoke" not in page
    assert "Used: jonas" in re.sub(r"\s+", " ", page)


@pytest.mark.parametrize("number", [1, 3])
def test_the_lists_take_the_same_queries_however_long(
    owner_client: Client, owner: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for index in range(number):
        redeem(invite(owner).token, f"person-{index}", "correct horse battery")
    owner_client.get("/people")
    with django_assert_num_queries(5):  # session, the asker, their profile, people, invitations
        page = owner_client.get("/people")
    assert page.content.count(b"Used: person-") == number
