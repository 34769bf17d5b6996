"""An invitation lets one person in, once, for seven days, unless it is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from journal.accounts import invitations
from journal.accounts.invitations import InvitationDead, invite, redeem
from journal.accounts.models import Invitation, User
from journal.accounts.people import NameTaken

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
State = Invitation.State


@pytest.fixture
def owner() -> User:
    return User.objects.create_superuser("mira")


def age(token: str, by: timedelta) -> None:
    invitation = invitations.find(token)
    assert invitation
    invitation.expires_at -= by
    invitation.save()


def state(token: str) -> str:
    invitation = invitations.find(token)
    assert invitation
    return invitation.state


def test_it_makes_an_ordinary_person_in_their_zone(owner: User) -> None:
    token = invite(owner, "my brother").token
    person = redeem(token, "jonas", PASSWORD, "Asia/Tokyo")
    assert not person.is_superuser and not person.is_staff and not person.is_owner
    assert person.profile.zone == "Asia/Tokyo"
    assert Invitation.objects.get().used_by == person
    assert state(token) == State.USED


def test_the_token_itself_is_not_kept(owner: User) -> None:
    token = invite(owner).token
    row = Invitation.objects.values().get()
    assert token not in str(row)
    assert len(token) >= 43


def test_it_works_once(owner: User) -> None:
    token = invite(owner).token
    redeem(token, "jonas", PASSWORD)
    with pytest.raises(InvitationDead):
        redeem(token, "hanna", PASSWORD)
    assert not User.objects.filter(username="hanna").exists()


def test_it_runs_out_after_seven_days(owner: User) -> None:
    token = invite(owner).token
    age(token, timedelta(days=6, hours=23))
    assert state(token) == State.OPEN
    age(token, timedelta(hours=2))
    assert state(token) == State.EXPIRED
    with pytest.raises(InvitationDead):
        redeem(token, "jonas", PASSWORD)
    assert User.objects.count() == 1


def test_it_can_be_taken_back(owner: User) -> None:
    issued = invite(owner)
    assert invitations.revoke(issued.invitation.pk)
    assert state(issued.token) == State.REVOKED
    with pytest.raises(InvitationDead):
        redeem(issued.token, "jonas", PASSWORD)
    assert User.objects.count() == 1


def test_what_is_used_cannot_be_taken_back(owner: User) -> None:
    issued = invite(owner)
    redeem(issued.token, "jonas", PASSWORD)
    assert not invitations.revoke(issued.invitation.pk)
    assert state(issued.token) == State.USED


def test_one_invitation_does_not_use_up_another(owner: User) -> None:
    first, second = invite(owner).token, invite(owner).token
    redeem(first, "jonas", PASSWORD)
    assert state(second) == State.OPEN


def test_a_taken_name_leaves_it_open(owner: User) -> None:
    token = invite(owner).token
    with pytest.raises(NameTaken):
        redeem(token, "MIRA", PASSWORD)
    assert state(token) == State.OPEN
    redeem(token, "jonas", PASSWORD)


def test_an_unknown_token_opens_nothing(owner: User) -> None:
    invite(owner)
    assert invitations.find("guessed") is None
    with pytest.raises(InvitationDead):
        redeem("guessed", "jonas", PASSWORD)


def test_it_stays_used_when_the_person_is_erased(owner: User) -> None:
    token = invite(owner).token
    redeem(token, "jonas", PASSWORD).delete()
    assert state(token) == State.USED
    assert timezone.now() < Invitation.objects.get().expires_at
