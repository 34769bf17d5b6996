from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any

import pytest

from journal.accounts.models import User
from journal.accounts.refusal import Refused
from journal.moods import tags
from journal.moods.models import CheckIn, Tag

pytestmark = pytest.mark.django_db


def refusal(user: User, name: str = "sea", icon: str = "sea", group: str = "place") -> str:
    with pytest.raises(Refused) as caught:
        tags.make(user, name, icon, group)
    return caught.value.code


def test_a_name_is_sealed_and_only_its_person_reads_it(person: User, other: User) -> None:
    made = tags.make(person, "  the   sea ", "sea", "place")
    assert [named.name for named in tags.offered(person)] == ["the sea"]
    assert b"the sea" not in bytes(Tag.objects.get().sealed_name)
    assert tags.offered(other) == []
    with pytest.raises(Refused):
        tags.own([made.id], other)


def test_a_name_is_there_once_whatever_its_case(person: User) -> None:
    first = tags.make(person, "Sea", "sea", "place")
    assert tags.make(person, "sea", "tree", "other").id == first.id
    assert Tag.objects.count() == 1


def test_bad_names_and_looks_are_refused(person: User) -> None:
    assert refusal(person, name="  ") == "no_name"
    assert refusal(person, name="s" * 41) == "long_name"
    assert refusal(person, icon="skull") == "unknown_look"
    assert refusal(person, group="enemies") == "unknown_look"
    assert not Tag.objects.exists()


def test_there_is_an_end_to_them(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "MOST", 1)
    tags.make(person, "sea", "sea", "place")
    assert refusal(person, name="lake") == "too_many_tags"


def test_putting_away_keeps_what_the_past_carries(person: User) -> None:
    used, unused = tags.make(person, "sea", "sea", "place"), tags.make(person, "lake", "sea", "place")
    row = CheckIn.objects.create(user=person, at=datetime.now(UTC), zone="UTC", local_date=date(2026, 11, 16))
    row.tags.set([used.id])
    for tag in (used, unused):
        tags.put_away(person, tag.id)
    assert tags.offered(person) == []
    assert [named.name for named in tags.all_tags(person)] == ["sea"]
    assert tags.make(person, "sea", "sea", "place").id == used.id
    assert [named.name for named in tags.offered(person)] == ["sea"]


def test_a_tag_can_be_renamed_but_not_into_another(person: User) -> None:
    sea, lake = tags.make(person, "sea", "sea", "place"), tags.make(person, "lake", "sea", "place")
    tags.change(person, lake.id, "the lake", "tree", "other")
    assert {(t.name, t.icon, t.group) for t in tags.all_tags(person)} == {
        ("sea", "sea", "place"), ("the lake", "tree", "other"),
    }  # fmt: skip
    with pytest.raises(Refused, match="already"):
        tags.change(person, lake.id, "Sea", "sea", "place")
    with pytest.raises(Refused):
        tags.change(person, uuid.uuid4(), "pond", "sea", "place")
    assert sea.id != lake.id


def test_the_starters_could_be_kept(person: User) -> None:
    for group, starters in tags.STARTERS.items():
        for name, icon in starters:
            tags.make(person, str(name), icon, group)
    assert len(tags.offered(person)) == sum(map(len, tags.STARTERS.values()))


def test_many_names_take_two_queries(
    person: User, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    for number in range(12):
        tags.make(person, f"tag {number}", "star", "other")
    with django_assert_num_queries(2):
        assert len(tags.all_tags(person)) == 12
