from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from journal.accounts.models import User
from journal.accounts.refusal import Refused
from journal.moods import checkin, tags
from journal.moods.checkin import Conflict, Entry, delete, keep, note_of, purge, restore
from journal.moods.corrections import answer
from journal.moods.models import CheckIn, DailyMood
from journal.registry.models import ModelVersion
from tests.moods.test_rollup import reading

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
ENTRY = Entry(at=NOON, zone="Europe/Berlin", valence=0.5, energy=-0.25, words=("calm",), note="A *quiet* day.")


@pytest.fixture
def kept(person: User) -> CheckIn:
    return keep(person, uuid.uuid4(), ENTRY, 0)


def refusal(user: User, **changes: Any) -> str:
    with pytest.raises(Refused) as caught:
        keep(user, uuid.uuid4(), replace(ENTRY, **changes), 0)
    assert not CheckIn.objects.exists()
    return caught.value.code


def test_it_keeps_what_was_said_and_seals_the_note(person: User) -> None:
    sea = tags.make(person, "sea", "sea", "place")
    row = keep(person, uuid.uuid4(), replace(ENTRY, tags=frozenset({sea.id}), words=("sad", "calm", "sad")), 0)
    row = CheckIn.objects.get(pk=row.pk)
    assert (row.valence, row.energy, row.words, row.revision) == (0.5, -0.25, ["calm", "sad"], 1)
    assert row.local_date == date(2026, 11, 16)
    assert note_of(row) == "A *quiet* day."
    assert b"quiet" not in bytes(row.sealed_note or b"")
    assert [tag.pk for tag in row.tags.all()] == [sea.id]
    assert DailyMood.objects.get().valence == 0.5


def test_the_same_request_twice_is_kept_once(person: User) -> None:
    pk = uuid.uuid4()
    first, second = keep(person, pk, ENTRY, 0), keep(person, pk, ENTRY, 0)
    assert (first.pk, second.revision) == (second.pk, 1)


def test_of_two_pages_that_edit_one_entry_the_second_is_told(person: User, kept: CheckIn) -> None:
    keep(person, kept.pk, replace(ENTRY, note="from the first page"), 1)
    with pytest.raises(Conflict) as conflict:
        keep(person, kept.pk, replace(ENTRY, note="from the second page"), 1)
    assert conflict.value.current is not None
    assert note_of(conflict.value.current) == "from the first page"
    assert note_of(CheckIn.objects.get()) == "from the first page"


def test_an_entry_that_was_deleted_elsewhere_does_not_come_back_by_itself(person: User, kept: CheckIn) -> None:
    delete(person, kept.pk)
    with pytest.raises(Conflict):
        keep(person, kept.pk, replace(ENTRY, valence=0.1), 1)
    CheckIn.objects.all().delete()
    with pytest.raises(Conflict):
        keep(person, kept.pk, replace(ENTRY, valence=0.1), 1)


def test_somebody_elses_entry_is_not_here(other: User, kept: CheckIn) -> None:
    with pytest.raises(Refused) as refused:
        keep(other, kept.pk, ENTRY, 1)
    assert refused.value.code == "not_yours"
    assert delete(other, kept.pk) is None
    assert CheckIn.objects.get().deleted_at is None


def test_back_dating_moves_the_day_along(person: User, kept: CheckIn) -> None:
    keep(person, kept.pk, replace(ENTRY, at=NOON - timedelta(days=3)), 1)
    assert [day.local_date for day in DailyMood.objects.all()] == [date(2026, 11, 13)]


def test_a_deletion_can_be_undone_for_an_hour(person: User, kept: CheckIn) -> None:
    delete(person, kept.pk)
    assert not DailyMood.objects.exists()
    assert purge() == 0
    assert restore(person, kept.pk) is not None
    assert DailyMood.objects.get().valence == 0.5
    delete(person, kept.pk)
    CheckIn.objects.update(deleted_at=timezone.now() - checkin.UNDO_FOR - timedelta(seconds=1))
    assert purge() == 1
    assert restore(person, kept.pk) is None


def test_clearing_a_note_leaves_none(person: User, kept: CheckIn) -> None:
    row = keep(person, kept.pk, replace(ENTRY, note=""), 1)
    assert row.sealed_note is None
    assert note_of(row) == ""


def test_bad_input_is_refused_in_words(person: User) -> None:
    assert refusal(person, at=timezone.now() + timedelta(hours=1)) == "future"
    assert refusal(person, at=datetime(1989, 12, 31, tzinfo=UTC)) == "too_old"
    assert refusal(person, zone="Nowhere") == "unknown_zone"
    assert refusal(person, valence=1.01) == "off_scale"
    assert refusal(person, energy=-2.0) == "off_scale"
    assert refusal(person, energy=float("nan")) == "off_scale"
    assert refusal(person, words=("hungry",)) == "unknown_word"
    assert refusal(person, emotions=("hunger",)) == "unknown_word"
    assert refusal(person, tags=frozenset({uuid.uuid4()})) == "unknown_tag"
    assert refusal(person, note="x" * 1_000_000) == "long_note"
    assert refusal(person, valence=None, energy=None, words=(), note="  ") == "empty"


def test_an_answer_to_a_reading_is_not_an_entry_of_its_own(person: User, version: ModelVersion) -> None:
    row = answer(reading(person, version, happiness=1), felt_right=False, emotions=["sadness"])
    with pytest.raises(Refused):
        keep(person, row.pk, ENTRY, row.revision)
    assert delete(person, row.pk) is None
    assert CheckIn.objects.get().emotions == ["sadness"]


def test_editing_leaves_the_repeated_hour_and_its_seconds_where_they_were(person: User) -> None:
    # 02:30:45 in winter time, the second of two half past twos.
    at = datetime(2026, 10, 25, 1, 30, 45, tzinfo=UTC)
    row = keep(person, uuid.uuid4(), replace(ENTRY, at=at), 0)
    first_of_two = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert keep(person, row.pk, replace(ENTRY, at=first_of_two), 0).revision == 1
    edited = keep(person, row.pk, replace(ENTRY, at=first_of_two, note="edited"), 1)
    assert edited.at == at
    moved = keep(person, row.pk, replace(ENTRY, at=first_of_two + timedelta(minutes=5)), 2)
    assert moved.at == first_of_two + timedelta(minutes=5)


def test_an_entry_whose_words_are_all_taken_back_is_gone(person: User, kept: CheckIn) -> None:
    empty = Entry(at=NOON, zone="Europe/Berlin")
    assert keep(person, kept.pk, empty, 1) is None
    assert not CheckIn.objects.exists()
    assert not DailyMood.objects.exists()
    with pytest.raises(Refused):
        keep(person, kept.pk, empty, 1)
    again = keep(person, kept.pk, ENTRY, 0)  # and the same page may say something after all
    assert again is not None
