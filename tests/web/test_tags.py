from __future__ import annotations

import uuid

import pytest
from django.test import Client

from journal.accounts.models import User
from journal.moods import tags
from tests.web.test_checkins import keep

pytestmark = pytest.mark.django_db


def test_a_tag_is_renamed_put_away_and_offered_again(signed_in: Client, person: User) -> None:
    sea = tags.make(person, "sea", "sea", "place")
    keep(signed_in, tags=[str(sea.id)])
    signed_in.post(f"/tags/{sea.id}", {"name": "the lake", "icon": "tree", "group": "other"})
    assert [(t.name, t.icon, t.group) for t in tags.offered(person)] == [("the lake", "tree", "other")]
    signed_in.post(f"/tags/{sea.id}", {"do": "put_away"})
    assert tags.offered(person) == []
    assert "the lake" in signed_in.get("/tags").content.decode()
    signed_in.post(f"/tags/{sea.id}", {"do": "offer"})
    assert len(tags.offered(person)) == 1


def test_bad_names_and_somebody_elses_tags_are_refused_in_words(signed_in: Client, person: User, other: User) -> None:
    theirs, mine = tags.make(other, "sea", "sea", "place"), tags.make(person, "lake", "sea", "place")
    assert "needs a name" in signed_in.post(f"/tags/{mine.id}", {"name": " "}, follow=True).content.decode()
    for address in (theirs.id, uuid.uuid4()):
        fields = {"name": "mine now", "icon": "sea", "group": "place"}
        assert "is gone" in signed_in.post(f"/tags/{address}", fields, follow=True).content.decode()
    assert [tag.name for tag in tags.offered(other)] == ["sea"]


def test_the_search_on_the_journal_shows_what_holds_the_words(signed_in: Client) -> None:
    keep(signed_in, note="by the sea")
    keep(signed_in, note="in the mountains")
    page = signed_in.get("/journal?q=SEA").content.decode()
    assert "by the sea" in page
    assert "mountains" not in page
    assert "Nothing holds “&lt;b&gt;”" in signed_in.get("/journal?q=%3Cb%3E").content.decode()
