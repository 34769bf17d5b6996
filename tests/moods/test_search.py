from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from journal.accounts.models import User
from journal.moods import tags
from journal.moods.checkin import Entry, delete, keep
from journal.moods.models import CheckIn
from journal.moods.search import find
from tests.moods.test_checkin import NOON

pytestmark = pytest.mark.django_db


def wrote(user: User, note: str = "", ago: int = 0, **more: Any) -> CheckIn:
    entry = Entry(at=NOON - timedelta(days=ago), zone="UTC", valence=0.1, note=note, **more)
    return keep(user, uuid.uuid4(), entry, 0)


def test_it_finds_in_notes_tags_and_words_the_newest_first(person: User) -> None:
    sea = tags.make(person, "the Sea", "sea", "place")
    note = wrote(person, "By the sea again", ago=2)
    tagged = wrote(person, ago=1, tags=frozenset({sea.id}))
    wrote(person, "mountains")
    assert find(person, "SEA") == [tagged, note]
    grateful = wrote(person, words=("grateful",), ago=3)
    assert find(person, "grateful") == [grateful]


def test_case_and_accents_do_not_matter_and_all_words_must_be_there(person: User) -> None:
    row = wrote(person, "Café in Kraków")
    assert find(person, "krakow cafe") == [row]
    assert find(person, "cafe berlin") == []
    assert find(person, "  ") == []


def test_others_and_deleted_entries_are_not_found(person: User, other: User) -> None:
    wrote(other, "the sea")
    delete(person, wrote(person, "the sea").pk)
    assert find(person, "sea") == []


def test_it_stops_at_most(person: User) -> None:
    for ago in range(4):
        wrote(person, "sea", ago=ago)
    assert len(find(person, "sea", most=3)) == 3


def test_many_notes_take_few_queries(
    person: User, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    for ago in range(12):
        wrote(person, f"note {ago}", ago=ago)
    with django_assert_max_num_queries(7):
        assert len(find(person, "note")) == 12
