"""The door: what is queued, for whom, and that a key is told once."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone

from journal.accounts.models import User
from journal.accounts.people import create_person
from journal.telling import choices
from journal.telling.models import Channel, Delivery, Kind, Message, QuietHours
from journal.telling.tell import LIFE, Note, tell, tell_many
from tests.telling.conftest import give_address, give_browser, opt_in

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def remind(person: User, key: str = "reminder:1") -> None:
    tell(person, kind=Kind.REMINDER, key=key, page="/")


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> datetime:
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


def test_nothing_is_kept_of_somebody_who_chose_nothing(person: User) -> None:
    give_address(person)
    give_browser(person)
    remind(person)
    assert Message.objects.count() == 0


def test_it_goes_by_every_channel_that_was_chosen_and_to_every_browser(person: User) -> None:
    give_address(person)
    browsers = {give_browser(person, number).pk for number in (1, 2)}
    opt_in(person, Channel.EMAIL)
    opt_in(person, Channel.PUSH)
    remind(person)
    rows = Delivery.objects.values_list("channel", "browser")
    assert set(rows) == {(Channel.EMAIL, None), *((Channel.PUSH, pk) for pk in browsers)}


def test_a_choice_counts_for_its_own_kind_and_person_alone(person: User, other: User) -> None:
    for somebody in (person, other):
        give_address(somebody)
    opt_in(person, Channel.EMAIL, Kind.DOWNSWING)
    opt_in(other, Channel.EMAIL)
    remind(person)
    assert not Message.objects.exists()


@pytest.mark.parametrize("why", ["unconfirmed", "no mail", "inactive", "demo"])
def test_some_are_not_told(person: User, settings: Any, why: str) -> None:
    give_address(person, verified=why != "unconfirmed")
    opt_in(person, Channel.EMAIL)
    if why == "no mail":
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    User.objects.filter(pk=person.pk).update(is_active=why != "inactive", is_demo=why == "demo")
    remind(person)
    assert not Message.objects.exists()


def test_a_key_is_told_once_however_often_it_is_called(person: User, other: User) -> None:
    for somebody in (person, other):
        give_address(somebody)
        opt_in(somebody, Channel.EMAIL)
    for _call in range(3):
        remind(person)
    remind(other)
    remind(person, "reminder:2")
    assert sorted(Message.objects.values_list("user__username", "key")) == [
        ("ottilie", "reminder:1"), ("ottilie", "reminder:2"), ("yvonne", "reminder:1"),
    ]  # fmt: skip
    assert Delivery.objects.count() == 3


def test_rows_and_bell_go_with_the_callers_transaction(
    person: User, rung: list[UUID], django_capture_on_commit_callbacks: Any
) -> None:
    give_address(person)
    opt_in(person, Channel.EMAIL)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        remind(person)
        raise ZeroDivisionError
    assert not Message.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        remind(person)
        assert rung == []
    assert rung == [Delivery.objects.get().pk]


def test_quiet_hours_put_it_off_to_their_end_without_making_it_old(
    person: User, rung: list[UUID], monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    at(monkeypatch, datetime(2026, 11, 20, 23, 30, tzinfo=BERLIN))
    give_address(person)
    opt_in(person, Channel.EMAIL)
    QuietHours.objects.create(user=person, start=time(22), end=time(7))
    with django_capture_on_commit_callbacks(execute=True):
        remind(person)
    row, morning = Delivery.objects.get(), datetime(2026, 11, 21, 7, tzinfo=BERLIN)
    assert row.not_before == morning
    assert row.message.expires_at == morning + LIFE[Kind.REMINDER]
    assert rung == []


@pytest.mark.parametrize(
    ("kind", "hours", "until"),
    [
        (Kind.REMINDER, None, time(23, 30)), (Kind.REMINDER, (time(22), time(6)), time(6)),
        (Kind.REMINDER, (time(22), time(10)), time(10)), (Kind.REMINDER, (time(12), time(13)), time(23, 30)),
        (Kind.DOWNSWING, None, time(9)),
    ],
)  # fmt: skip
def test_what_waits_follows_the_hours_of_now(
    person: User, rung: list[UUID], monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any,
    kind: Kind, hours: tuple[time, time] | None, until: time,
) -> None:  # fmt: skip
    now = at(monkeypatch, datetime(2026, 11, 20, 23, 30, tzinfo=BERLIN))
    give_address(person)
    opt_in(person, Channel.EMAIL, kind)
    choices.keep_quiet(person, time(22), time(7))
    tell(person, kind=kind, key="once", page="/")
    with django_capture_on_commit_callbacks(execute=True):
        if hours:
            choices.keep_quiet(person, *hours)
        else:
            choices.never_quiet(person)
    row = Delivery.objects.get()
    assert row.not_before.astimezone(BERLIN).time() == until
    assert row.message.expires_at == row.not_before + LIFE[kind]
    assert rung == ([row.pk] if row.not_before == now else [])


def test_other_people_and_what_was_tried_already_wait_as_before(
    person: User, other: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, datetime(2026, 11, 20, 23, 30, tzinfo=BERLIN))
    for somebody in (person, other):
        give_address(somebody)
        opt_in(somebody, Channel.EMAIL)
        choices.keep_quiet(somebody, time(22), time(7))
        remind(somebody)
    Delivery.objects.filter(message__user=person).update(attempts=1)
    before = list(Delivery.objects.order_by("pk").values())
    choices.never_quiet(person)
    assert list(Delivery.objects.order_by("pk").values()) == before


def test_many_are_told_in_few_queries(person: User, django_assert_max_num_queries: Any) -> None:
    crowd = [create_person(f"p{number}", "-") for number in range(12)]
    for somebody in crowd:
        give_address(somebody)
        opt_in(somebody, Channel.EMAIL)
    notes = [Note(somebody.pk, "k", "/") for somebody in crowd]
    with django_assert_max_num_queries(10):
        assert tell_many(notes, kind=Kind.REMINDER) == 12
    assert Delivery.objects.count() == 12


@pytest.mark.parametrize("page", ["https://elsewhere.example/", "//elsewhere.example", "", "today"])
def test_a_message_leads_to_a_page_of_this_site(person: User, page: str) -> None:
    with pytest.raises(ValueError, match="page of this site"):
        tell(person, kind=Kind.REMINDER, key="k", page=page)


@pytest.mark.parametrize(("kind", "hour"), [(Kind.DOWNSWING, 9), (Kind.REMINDER, 4)])
def test_what_nobody_chose_a_time_for_comes_by_day(
    monkeypatch: pytest.MonkeyPatch, person: User, kind: Kind, hour: int
) -> None:
    now = at(monkeypatch, datetime(2026, 11, 16, 4, 5, tzinfo=BERLIN))
    give_address(person)
    opt_in(person, Channel.EMAIL, kind)
    tell(person, kind=kind, key="once", page="/")
    told = Delivery.objects.get().not_before.astimezone(BERLIN)
    assert (told.date(), told.hour) == (now.date(), hour)
