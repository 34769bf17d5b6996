"""An invitation link lets one person in; a dead one says kindly why, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from journal.accounts import invitations
from journal.accounts.invitations import Issued, invite
from journal.accounts.models import Invitation, User
from journal.accounts.people import create_owner

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
FORM = {"username": "jonas", "password1": PASSWORD, "password2": PASSWORD, "zone": "Asia/Tokyo"}


@pytest.fixture
def issued() -> Issued:
    return invite(create_owner("mira", PASSWORD), "for my brother")


def test_it_lets_somebody_in_and_asks_for_consent(client: Client, issued: Issued) -> None:
    assert b"You are invited" in client.get(f"/join/{issued.token}").content
    assert client.post(f"/join/{issued.token}", FORM)["Location"] == "/consent"
    person = User.objects.get(username="jonas")
    assert not person.is_superuser
    assert person.profile.zone == "Asia/Tokyo"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_looking_at_it_does_not_use_it_up(client: Client, issued: Issued) -> None:
    client.get(f"/join/{issued.token}")
    client.post(f"/join/{issued.token}", {**FORM, "password2": "different"})
    assert Invitation.objects.get().state == Invitation.State.OPEN


def test_a_taken_name_can_be_chosen_again(client: Client, issued: Issued) -> None:
    response = client.post(f"/join/{issued.token}", {**FORM, "username": "Mira"})
    assert b"already has this name" in response.content
    assert client.post(f"/join/{issued.token}", FORM).status_code == 302


def test_a_used_link_says_so(client: Client, issued: Issued) -> None:
    client.post(f"/join/{issued.token}", FORM)
    stranger = Client()
    for response in (
        stranger.get(f"/join/{issued.token}"),
        stranger.post(f"/join/{issued.token}", {**FORM, "username": "eve"}),
    ):
        assert response.status_code == 410
        assert b"has done so already" in response.content
        assert b"jonas" not in response.content and b"mira" not in response.content
    assert User.objects.count() == 2


def test_a_link_used_by_another_meanwhile_says_so(
    client: Client, issued: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = invitations.find(issued.token)
    invitations.redeem(issued.token, "hanna", PASSWORD)
    answers = iter([before, invitations.find(issued.token)])
    monkeypatch.setattr(invitations, "find", lambda token: next(answers))
    response = client.post(f"/join/{issued.token}", FORM)
    assert response.status_code == 410
    assert not User.objects.filter(username="jonas").exists()


def test_an_expired_link_says_so(client: Client, issued: Issued) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    response = client.post(f"/join/{issued.token}", FORM)
    assert response.status_code == 410
    assert b"seven days" in response.content
    assert User.objects.count() == 1


def test_a_revoked_link_says_so(client: Client, issued: Issued) -> None:
    invitations.revoke(issued.invitation.pk)
    response = client.get(f"/join/{issued.token}")
    assert response.status_code == 410
    assert b"taken back" in response.content


def test_an_unknown_link_says_so(client: Client, issued: Issued) -> None:
    response = client.post("/join/guessed", FORM)
    assert response.status_code == 404
    assert b"know this link" in response.content
    assert User.objects.count() == 1


def test_somebody_inside_does_not_use_it_up(client: Client, issued: Issued) -> None:
    client.force_login(User.objects.get(username="mira"))
    assert b"have a place here already" in client.post(f"/join/{issued.token}", FORM).content
    assert Invitation.objects.get().state == Invitation.State.OPEN


def test_no_cache_keeps_it(client: Client, issued: Issued) -> None:
    assert "no-store" in client.get(f"/join/{issued.token}")["Cache-Control"]
