"""The first person is the owner, and there is never a second one."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from journal.accounts import people
from journal.accounts.models import User
from journal.accounts.people import NameTaken, OwnerExists, create_owner, create_person

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def test_the_owner_looks_after_the_site() -> None:
    owner = create_owner("mira", PASSWORD, "Europe/Vienna")
    owner.refresh_from_db()
    assert owner.is_owner and owner.is_superuser and owner.is_staff
    assert owner.profile.zone == "Europe/Vienna"
    assert owner.check_password(PASSWORD)


def test_nobody_becomes_owner_where_somebody_lives() -> None:
    create_person("jonas", PASSWORD)
    with pytest.raises(OwnerExists):
        create_owner("mira", PASSWORD)
    assert [user.username for user in User.objects.all()] == ["jonas"]


def test_a_first_visit_that_could_not_see_the_other_makes_no_second_owner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What two transactions at once see on PostgreSQL: nobody. The constraint has the last word."""
    create_owner("mira", PASSWORD)
    monkeypatch.setattr(people, "anybody_home", lambda: False)
    with pytest.raises(OwnerExists):
        create_owner("jonas", PASSWORD)
    assert User.objects.filter(is_owner=True).count() == User.objects.count() == 1


def test_two_names_that_differ_in_case_are_one() -> None:
    create_person("mira", PASSWORD)
    with pytest.raises(NameTaken):
        create_person("Mira", PASSWORD)
    assert User.objects.count() == 1


def test_a_capital_letter_does_not_keep_anybody_out() -> None:
    person = create_person("mira", PASSWORD)
    assert authenticate(username="Mira", password=PASSWORD) == person


def test_an_unknown_zone_becomes_utc() -> None:
    assert create_person("mira", PASSWORD, "Middle-earth/Shire").profile.zone == "UTC"


def test_everybody_has_a_profile_however_they_came_to_be() -> None:
    call_command("createsuperuser", "--noinput", username="root", email="")
    assert User.objects.get(username="root").profile.day_start.hour == 4
    assert User.objects.create_user("mira").profile.day_start.hour == 4
