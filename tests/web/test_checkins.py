from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from journal.accounts.models import User
from journal.moods import tags
from journal.moods.checkin import note_of
from journal.moods.models import CheckIn
from journal.snapshots.intake import take_in
from journal.web import timeline
from journal.web.markdown import to_html
from tests.conftest import arrival

pytestmark = pytest.mark.django_db
FETCH = {"X-Requested-With": "fetch"}


def form(**changes: Any) -> dict[str, Any]:
    fields = {
        "revision": "0", "zone": "Europe/Berlin", "at": "2026-11-16T12:30", "valence": "40", "valence_set": "on",
        "energy": "-30", "emotions": ["sadness"], "words": ["calm", "hopeful"], "note": "one\r\ntwo",
    }  # fmt: skip
    return {name: value for name, value in (fields | changes).items() if value is not None}


def keep(client: Client, pk: uuid.UUID | None = None, **changes: Any) -> Any:
    return client.post(f"/check-ins/{pk or uuid.uuid4()}", form(**changes), headers=FETCH)


def test_a_form_is_kept_as_it_stands(signed_in: Client) -> None:
    answer = keep(signed_in)
    row = CheckIn.objects.get()
    assert answer.json() == {"revision": 1}
    assert row.at == datetime(2026, 11, 16, 12, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert (row.valence, row.energy, row.emotions, row.words) == (0.4, None, ["sadness"], ["calm", "hopeful"])
    assert note_of(row) == "one\ntwo"


def test_without_scripts_a_form_works_as_forms_do(signed_in: Client) -> None:
    answer = signed_in.post(f"/check-ins/{uuid.uuid4()}", form(at="", zone=""), follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "Kept." in answer.content.decode()
    assert CheckIn.objects.get().zone == "UTC"


@pytest.mark.parametrize(
    ("now", "zone", "at", "today"),
    [
        ("2026-11-22T03:18Z", "Europe/Berlin", "", True),
        ("2026-11-22T03:18Z", "Europe/Berlin", "2026-11-22T03:30", False),  # before the day began, at four
        ("2026-11-22T03:18Z", "UTC", "", True),  # the 21st there, still; the 22nd at home
        ("2026-11-22T03:18Z", "UTC", "2026-11-21T12:00", True),
        ("2026-11-22T04:18Z", "UTC", "2026-11-21T12:00", False),
        ("2026-11-22T16:00Z", "Pacific/Auckland", "", True),  # the 23rd there; the 22nd at home
        ("2026-11-22T16:00Z", "Pacific/Auckland", "2026-11-22T12:00", True),
        ("2026-11-22T02:59Z", "Europe/Berlin", "2026-11-22T04:00", True),  # a clock that runs a minute ahead
    ],
)
def test_today_is_what_it_is_at_home_or_where_the_device_is(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch, now: str, zone: str, at: str, today: bool
) -> None:
    moment = datetime.fromisoformat(now)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    answer = signed_in.post(f"/check-ins/{uuid.uuid4()}", form(at=at, zone=zone, note="a long way"), follow=True)
    day = CheckIn.objects.get().local_date
    assert answer.redirect_chain == [("/" if today else f"/days/{day}", 302)]
    assert "a long way" in answer.content.decode()
    assert ("a long way" in signed_in.get("/").content.decode()) is today


def test_what_a_device_elsewhere_saw_stands_by_time_among_the_rest(
    signed_in: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 11, 22, 3, 18, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    keep(signed_in, zone="Europe/Berlin", at="2026-11-22T04:10", note="at home")  # the 22nd
    snapshot, _created = take_in(person, arrival(taken_at=now, zone="UTC"))  # the 21st, and later
    take_in(person, arrival(taken_at=now - timedelta(hours=20), zone="Europe/Berlin"))  # yesterday's
    shown = timeline.today(person)
    assert [type(one).__name__ for one in shown] == ["Entry", "CheckInEntry"]
    assert getattr(shown[0], "snapshot", None) == snapshot
    assert f"/snapshots/{snapshot.pk}" in signed_in.get("/").content.decode()


def test_places_a_day_and_more_apart_still_share_a_today(
    signed_in: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 22, 14, 30, tzinfo=UTC))
    person.profile.zone = "Pacific/Kiritimati"
    person.profile.save()
    fields = form(at="", zone="Pacific/Pago_Pago", note="a beach")
    answer = signed_in.post(f"/check-ins/{uuid.uuid4()}", fields, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "a beach" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valence": "400"}, "off_scale"),
        ({"valence": "warm"}, "off_scale"),
        ({"tags": [str(uuid.uuid4())]}, "unknown_tag"),
        ({"tags": ["one"]}, "unknown_tag"),
        ({"words": ["hungry"]}, "unknown_word"),
        ({"at": "tomorrow"}, "bad_time"),
        ({"at": "2999-01-01T00:00"}, "future"),
        ({"at": "1989-12-31T23:59"}, "too_old"),
        ({"note": "x" * 1_000_000}, "long_note"),
        ({"valence_set": None, "emotions": None, "words": None, "note": ""}, "empty"),
    ],
)
def test_bad_input_has_a_sentence(signed_in: Client, changes: dict[str, Any], code: str) -> None:
    answer = keep(signed_in, **changes)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["message"]
    assert not CheckIn.objects.exists()


def test_the_second_of_two_pages_is_told(signed_in: Client) -> None:
    pk = uuid.uuid4()
    keep(signed_in, pk)
    keep(signed_in, pk, revision="1", note="the first page")
    answer = keep(signed_in, pk, revision="1", note="the second page")
    assert (answer.status_code, answer.json()["revision"]) == (409, 2)
    assert "another window" in answer.json()["error"]["message"]
    assert note_of(CheckIn.objects.get()) == "the first page"


def test_what_was_kept_can_be_opened_and_changed(signed_in: Client, person: User) -> None:
    sea = tags.make(person, "sea", "sea", "place")
    pk = uuid.uuid4()
    keep(signed_in, pk, tags=[str(sea.id)])
    page = signed_in.get(f"/check-ins/{pk}").content.decode()
    assert 'value="2026-11-16T12:30"' in page
    assert f'value="{sea.id}" checked' in page
    assert 'value="calm" checked' in page
    assert "one\ntwo" in page


def test_somebody_elses_check_in_is_not_here(signed_in: Client, other: User) -> None:
    theirs = CheckIn.objects.create(user=other, at=datetime.now(UTC), zone="UTC", local_date=date(2026, 11, 16))
    for way in ("", "/delete", "/restore"):
        answer = signed_in.post(f"/check-ins/{theirs.pk}{way}", form())
        assert answer.status_code in (302, 404)
    assert signed_in.get(f"/check-ins/{theirs.pk}").status_code == 404
    assert keep(signed_in, theirs.pk).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.valence, theirs.deleted_at) == (None, None)


def test_a_deletion_offers_its_undoing_once(signed_in: Client) -> None:
    pk = uuid.uuid4()
    keep(signed_in, pk)
    page = signed_in.post(f"/check-ins/{pk}/delete", follow=True)
    assert page.context["undo"] == str(pk)
    assert "/restore" in page.content.decode()
    assert "/restore" not in signed_in.get("/").content.decode()
    assert signed_in.get(f"/check-ins/{pk}").status_code == 404
    signed_in.post(f"/check-ins/{pk}/restore")
    assert signed_in.get(f"/check-ins/{pk}").status_code == 200


def test_days_show_check_ins_with_tags_and_note(signed_in: Client, person: User) -> None:
    sea = tags.make(person, "the <sea>", "sea", "place")
    keep(signed_in, tags=[str(sea.id)], note="**strong** <script>alert(1)</script>")
    page = signed_in.get("/journal").content.decode()
    assert "Sadness, calm, hopeful" in page
    assert "the &lt;sea&gt;" in page
    assert "<strong>strong</strong> &lt;script&gt;" in page


def test_a_tag_is_made_from_the_page(signed_in: Client) -> None:
    made = signed_in.post("/tags", {"name": "sea", "icon": "sea", "group": "place"}).json()
    assert (made["name"], made["icon"], made["group"]) == ("sea", "sea", "place")
    refused = signed_in.post("/tags", {"name": "", "icon": "sea", "group": "place"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "no_name")


def test_it_needs_somebody_and_the_right_method(client: Client, signed_in: Client) -> None:
    for path in (f"/check-ins/{uuid.uuid4()}/delete", f"/check-ins/{uuid.uuid4()}/restore", f"/tags/{uuid.uuid4()}"):
        assert signed_in.get(path).status_code == 405
    assert Client().get("/check-ins/new").status_code == 302


@pytest.mark.parametrize(
    ("note", "html"),
    [
        ("*a*", "<p><em>a</em></p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("![a](https://example.org/a.png)", "<p>!<a href="),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
    ],
)
def test_a_note_can_only_be_read(note: str, html: str) -> None:
    assert to_html(note).startswith(html)
    assert "<img" not in to_html(note)
    assert "<script" not in to_html(note)
