"""A sealed value opens for one person, in one place, with one site key, unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.checks import run_checks

from journal.accounts.models import DataKey, User
from journal.accounts.seal import Place, SealBroken, seal, seal_text, unseal, unseal_text

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db
HERE = Place(table="snapshots.snapshot", row="7", field="picture")


@pytest.fixture
def mira() -> User:
    return User.objects.create_user("mira")


@pytest.fixture
def jonas() -> User:
    return User.objects.create_user("jonas")


def test_it_opens_what_it_sealed(mira: User) -> None:
    assert unseal(mira, seal(mira, b"a face", HERE), HERE) == b"a face"
    assert unseal_text(mira, seal_text(mira, "müde, aber froh", HERE), HERE) == "müde, aber froh"


def test_it_hides_what_it_sealed_and_never_repeats_itself(mira: User) -> None:
    first, second = seal(mira, b"a face", HERE), seal(mira, b"a face", HERE)
    assert b"a face" not in first
    assert first != second


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("snapshots.snapshot", "8", "picture"),
        Place("snapshots.snapshot", "7", "note"),
        Place("moods.checkin", "7", "picture"),
        Place("snapshots.snapshot7", "", "picture"),
    ],
)
def test_it_does_not_open_in_another_place(mira: User, elsewhere: Place) -> None:
    sealed = seal(mira, b"a face", HERE)
    with pytest.raises(SealBroken):
        unseal(mira, sealed, elsewhere)


def test_it_does_not_open_for_another_person(mira: User, jonas: User) -> None:
    sealed = seal(mira, b"a face", HERE)
    seal(jonas, b"another face", HERE)
    with pytest.raises(SealBroken):
        unseal(jonas, sealed, HERE)


def test_a_key_row_copied_to_another_person_does_not_open(mira: User, jonas: User) -> None:
    seal(mira, b"a face", HERE)
    DataKey.objects.create(user=jonas, wrapped=mira.data_key.wrapped)
    with pytest.raises(SealBroken):
        seal(jonas, b"another face", HERE)


def test_people_have_different_keys_and_keep_theirs(mira: User, jonas: User) -> None:
    seal(mira, b"", HERE)
    seal(jonas, b"", HERE)
    before = bytes(DataKey.objects.get(user=mira).wrapped)
    seal(mira, b"", HERE)
    assert bytes(DataKey.objects.get(user=mira).wrapped) == before
    assert bytes(DataKey.objects.get(user=jonas).wrapped) != before


def test_any_changed_byte_breaks_it(mira: User) -> None:
    sealed = seal(mira, b"a face", HERE)
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(SealBroken):
            unseal(mira, bytes(changed), HERE)


@pytest.mark.parametrize("length", [0, 1, 5, 13, 20])
def test_a_shortened_value_is_broken(mira: User, length: int) -> None:
    with pytest.raises(SealBroken):
        unseal(mira, seal(mira, b"a face", HERE)[:length], HERE)


def test_another_site_key_breaks_it(mira: User, settings: Settings) -> None:
    sealed = seal(mira, b"a face", HERE)
    settings.SITE_KEY = "some other key, just as long as the first one was"
    with pytest.raises(SealBroken):
        unseal(mira, sealed, HERE)


def test_without_the_key_row_nothing_opens_and_no_new_key_is_made(mira: User) -> None:
    sealed = seal(mira, b"a face", HERE)
    DataKey.objects.all().delete()
    with pytest.raises(SealBroken):
        unseal(mira, sealed, HERE)
    assert not DataKey.objects.exists()


def test_erasing_a_person_erases_the_key(mira: User) -> None:
    seal(mira, b"a face", HERE)
    mira.delete()
    assert not DataKey.objects.exists()


def test_a_short_site_key_is_warned_about(settings: Settings) -> None:
    settings.SITE_KEY = "hunter2"
    assert "accounts.W001" in [message.id for message in run_checks(tags=["security"])]
    settings.SITE_KEY = "0123456789abcdef" * 4
    assert "accounts.W001" not in [message.id for message in run_checks(tags=["security"])]
