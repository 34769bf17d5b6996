from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from journal.accounts.consent import decide
from journal.accounts.models import Purpose, User
from journal.moods.corrections import answer
from journal.moods.models import CheckIn
from journal.readings.models import Reading
from journal.registry.models import ModelVersion
from journal.snapshots.intake import take_in
from journal.snapshots.models import Snapshot
from journal.web.words import percent
from tests.conftest import arrival
from tests.moods.test_corrections import make_reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(queued: Snapshot, version: ModelVersion) -> Snapshot:
    make_reading(queued, version)
    queued.refresh_from_db()
    return queued


def addresses(snapshot: Snapshot) -> list[str]:
    return [f"/snapshots/{snapshot.pk}{rest}" for rest in ("", "/result", "/picture")]


def state(html: str) -> str:
    found = re.search(r'data-state="(\w+)"', html)
    assert found
    return found[1]


def test_somebody_elses_snapshot_does_not_exist(signed_in: Client, other: User, version: ModelVersion) -> None:
    theirs, _created = take_in(other, arrival())
    make_reading(theirs, version)
    assert [signed_in.get(address).status_code for address in addresses(theirs)] == [404, 404, 404]
    for action in ("correction", "discard"):
        assert signed_in.post(f"/snapshots/{theirs.pk}/{action}", {"felt_right": "yes"}).status_code == 404
    assert Snapshot.objects.count() == 1
    assert not CheckIn.objects.exists()


def test_a_waiting_snapshot_answers_202(signed_in: Client, queued: Snapshot) -> None:
    answer = signed_in.get(f"/snapshots/{queued.pk}/result")
    assert answer.status_code == 202
    assert state(answer.content.decode()) == "waiting"


def test_the_mixture_shows_all_eight_by_intensity_and_names_what_is_present(signed_in: Client, read: Snapshot) -> None:
    page = signed_in.get(f"/snapshots/{read.pk}/result")
    assert page.status_code == 200
    names = [bar.name for bar in page.context["bars"]]
    assert names[:3] == ["happiness", "neutral", "surprise"]
    assert len(names) == 8
    assert [bar.name for bar in page.context["bars"] if bar.present] == ["happiness"]
    html = page.content.decode()
    assert "Mostly happiness" in html
    assert 'data-box="0.2000,0.2000,0.6000,0.8000"' in html
    assert "60" in html


@pytest.mark.parametrize("outcome", ["no_face", "too_small", "too_dark", "blurred"])
def test_what_could_not_be_read_says_what_to_change(signed_in: Client, queued: Snapshot, outcome: str) -> None:
    Snapshot.objects.update(status=Snapshot.Status.NO_FACE, outcome=outcome, faces=0)
    page = signed_in.get(f"/snapshots/{queued.pk}/result")
    assert state(page.content.decode()) == outcome
    assert page.context["message"]
    assert page.context["bars"] == []


def test_no_clear_reading_names_no_mood(signed_in: Client, read: Snapshot) -> None:
    Reading.objects.update(present=[])
    Snapshot.objects.update(outcome="no_clear_reading")
    page = signed_in.get(f"/snapshots/{read.pk}/result")
    assert state(page.content.decode()) == "no_clear_reading"
    assert page.context["leading"] == ""
    assert "Mostly" not in page.content.decode()


def test_a_failed_snapshot_says_whose_fault_it_is_not(signed_in: Client, queued: Snapshot) -> None:
    Snapshot.objects.update(status=Snapshot.Status.FAILED, outcome="crashed")
    page = signed_in.get(f"/snapshots/{queued.pk}")
    assert state(page.content.decode()) == "failed"
    assert "isn&#x27;t your doing" in page.content.decode()


def test_the_picture_is_shown_only_where_it_was_kept(signed_in: Client, person: User, read: Snapshot) -> None:
    picture = signed_in.get(f"/snapshots/{read.pk}/picture")
    assert picture["Content-Type"] == "image/jpeg"
    assert picture["Cache-Control"] == "no-store, private"
    assert picture.content.startswith(b"\xff\xd8")
    Snapshot.objects.update(picture="")
    assert signed_in.get(f"/snapshots/{read.pk}/picture").status_code == 404


def test_an_answer_is_kept_and_shown(signed_in: Client, read: Snapshot) -> None:
    answer = signed_in.post(
        f"/snapshots/{read.pk}/correction",
        {"felt_right": "no", "emotions": ["sadness"]},
        headers={"X-Requested-With": "fetch"},
    )
    assert answer.status_code == 200
    assert answer.context["said"] == "sadness"
    assert answer.context["leading"] == "sadness"
    html = answer.content.decode()
    assert html.index("You said: sadness") < html.index("The camera saw: Mostly happiness")
    assert CheckIn.objects.get().emotions == ["sadness"]


def test_an_unknown_emotion_is_refused(signed_in: Client, read: Snapshot) -> None:
    fields = {"felt_right": "no", "emotions": ["hunger"]}
    assert signed_in.post(f"/snapshots/{read.pk}/correction", fields).status_code == 400


def test_discarding_deletes_everything(
    signed_in: Client, read: Snapshot, own_pictures: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in.post(f"/snapshots/{read.pk}/discard", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 204
    assert not Snapshot.objects.exists()
    assert not Reading.objects.exists()
    assert not list(own_pictures.glob("*/*"))


def test_answers_reject_get(signed_in: Client, read: Snapshot) -> None:
    for action in ("correction", "discard"):
        assert signed_in.get(f"/snapshots/{read.pk}/{action}").status_code == 405


@pytest.mark.parametrize("path", ["/", "/journal"])
def test_lists_ask_the_same_number_of_questions_for_one_and_three(
    signed_in: Client, person: User, version: ModelVersion, django_assert_num_queries: Any, path: str
) -> None:
    counts = []
    for _round in range(2):
        for _number in range(1 if not counts else 2):
            snapshot, _created = take_in(person, arrival())
            answer(make_reading(snapshot, version), felt_right=True, emotions=[])
        signed_in.get(path)  # fills what is remembered in the process
        with django_assert_num_queries(18, exact=False) as captured:
            assert signed_in.get(path).content.decode().count("/snapshots/") >= (1 if not counts else 3)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_journal_and_today_teach_when_they_are_empty(signed_in: Client, person: User) -> None:
    decide(person, Purpose.CAMERA, granted=True)
    assert "Nothing yet." in signed_in.get("/").content.decode()
    assert "appears here, day by day" in signed_in.get("/journal").content.decode()
    assert "How it goes" in signed_in.get("/capture").content.decode()


def test_nothing_is_ticked_before_the_person_says_something(signed_in: Client, read: Snapshot) -> None:
    page = signed_in.get(f"/snapshots/{read.pk}/result")
    assert not any(choice.checked for choice in page.context["choices"])


@pytest.mark.parametrize(("share", "said"), [(0.0, "< 1"), (0.004, "< 1"), (0.006, "1"), (0.99, "99"), (1.0, "> 99")])
def test_nothing_is_ever_certain_or_impossible(share: float, said: str) -> None:
    assert percent(share) == said


def test_a_photo_is_not_told_to_look_at_the_camera(signed_in: Client, queued: Snapshot) -> None:
    Snapshot.objects.update(status=Snapshot.Status.NO_FACE, outcome="no_face", faces=0)
    address = f"/snapshots/{queued.pk}/result"
    assert "Look towards the camera" in signed_in.get(address).content.decode()
    Snapshot.objects.update(source=Snapshot.Source.UPLOAD)
    assert "in this photo" in signed_in.get(address).content.decode()
