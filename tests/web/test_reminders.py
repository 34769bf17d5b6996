"""The reminders page, its forms, and what nonsense does to them."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from journal.accounts.models import User
from journal.moods.models import Reminder
from journal.telling import choices, doorbell
from journal.telling.models import Browser, Channel, Delivery, Kind, Message, OptIn, QuietHours
from tests.pushservice import PushService, Receiver
from tests.telling.conftest import ENDPOINT, give_address, give_browser

pytestmark = pytest.mark.django_db
PAGE = "/settings/reminders"
WEEK = [str(day) for day in range(7)]


@pytest.fixture(autouse=True)
def no_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "_ring", lambda pk: True)


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def text(client: Client) -> str:
    return client.get(PAGE).content.decode()


def subscription(**changes: str) -> dict[str, str]:
    return Receiver(ENDPOINT.format("new")).fields | changes


def test_every_door_needs_somebody_signed_in(client: Client, person: User) -> None:
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")
    for door in ("times", "channels", "address", "quiet", "test", "browsers"):
        assert client.post(f"{PAGE}/{door}")["Location"].startswith("/accounts/login/")


def test_at_first_everything_is_off_and_the_page_says_what_to_do(signed_in: Client) -> None:
    page = text(signed_in)
    assert "No times yet" in page
    assert "No browser notifies you yet" in page
    assert 'name="choice" value="reminder:push">' in page
    assert 'value="reminder:push" checked' not in page


def test_a_time_is_added_shown_and_removed(signed_in: Client, person: User) -> None:
    assert signed_in.post(f"{PAGE}/times", {"at": "20:30", "days": ["0", "1", "2", "3", "4"]})["Location"] == PAGE
    row = Reminder.objects.get()
    assert (row.user, row.at, row.weekdays) == (person, time(20, 30), frozenset(range(5)))
    page = text(signed_in)
    assert "20:30" in page
    assert "Monday to Friday" in page
    assert "nothing is sent yet" in page
    signed_in.post(f"{PAGE}/times/{row.pk}/remove")
    assert not Reminder.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": ""}, {"at": "25:00"}, {"at": "noon"}, {"at": "20:30:99"}, {"at": "9" * 5000}, {"at": "\0"},
        {"days": []}, {"days": ["7"]}, {"days": ["-1"]}, {"days": ["Monday"]}, {"days": ["1e400"]},
    ],
)  # fmt: skip
def test_nonsense_is_told_and_not_kept(signed_in: Client, wrong: dict[str, Any]) -> None:
    response = signed_in.post(f"{PAGE}/times", {"at": "20:30", "days": WEEK} | wrong)
    assert b"errorlist" in response.content
    assert not Reminder.objects.exists()


def test_nobody_removes_anothers(signed_in: Client, other: User) -> None:
    row = Reminder.objects.create(user=other, at=time(20), days=127, next_at=timezone.now())
    browser = give_browser(other)
    assert signed_in.post(f"{PAGE}/times/{row.pk}/remove").status_code == 404
    assert signed_in.post(f"{PAGE}/times/{10**30}/remove").status_code == 404
    assert signed_in.post(f"{PAGE}/browsers/{browser.pk}/remove").status_code == 404
    assert signed_in.post(f"{PAGE}/browsers/{uuid4()}/remove").status_code == 404
    assert Reminder.objects.exists()
    assert Browser.objects.exists()


def test_channels_are_chosen_and_taken_back(signed_in: Client, person: User) -> None:
    signed_in.post(f"{PAGE}/channels", {"choice": ["reminder:push", "downswing:email", "test:push", "x:y", ""]})
    assert choices.chosen(person) == {(Kind.REMINDER, Channel.PUSH), (Kind.DOWNSWING, Channel.EMAIL)}
    first = OptIn.objects.get(kind=Kind.REMINDER).at
    signed_in.post(f"{PAGE}/channels", {"choice": ["reminder:push"]})
    assert choices.chosen(person) == {(Kind.REMINDER, Channel.PUSH)}
    assert OptIn.objects.get().at == first
    signed_in.post(f"{PAGE}/channels", {})
    assert choices.chosen(person) == set()


def test_without_a_mail_server_the_page_says_so_and_a_choice_is_kept(
    signed_in: Client, person: User, settings: Any
) -> None:
    choices.choose(person, {(Kind.REMINDER, Channel.EMAIL)})
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page = text(signed_in)
    assert "this site has no mail server" in page
    assert 'value="reminder:email"' not in page
    signed_in.post(f"{PAGE}/channels", {})
    assert choices.chosen(person) == {(Kind.REMINDER, Channel.EMAIL)}
    assert signed_in.post(f"{PAGE}/address", {"email": "ottilie@example.org"}).status_code == 404


def test_an_address_counts_once_its_link_was_followed(signed_in: Client, person: User, mailoutbox: list[Any]) -> None:
    choices.choose(person, {(Kind.REMINDER, Channel.EMAIL)})
    signed_in.post(f"{PAGE}/address", {"email": "Ottilie@example.org"})
    assert "not confirmed yet" in text(signed_in)
    signed_in.post(f"{PAGE}/test", {"channel": "email"})
    assert not Message.objects.exists()
    [letter] = mailoutbox
    path = "/accounts/confirm-email/" + letter.body.split("/accounts/confirm-email/")[1].split()[0]
    signed_in.post(path)
    assert "not confirmed yet" not in text(signed_in)
    signed_in.post(f"{PAGE}/test", {"channel": "email"})
    assert Delivery.objects.get().channel == Channel.EMAIL


@pytest.fixture
def mail_is_down(settings: Any) -> Any:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    return settings


def test_a_mail_server_that_is_down_is_told_kindly_and_nothing_is_half_kept(
    signed_in: Client, mail_is_down: Any, mailoutbox: list[Any]
) -> None:
    page = signed_in.post(f"{PAGE}/address", {"email": "down@example.org"}, follow=True)
    assert "no message was sent" in page.content.decode()
    assert not EmailAddress.objects.exists()
    mail_is_down.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    signed_in.post(f"{PAGE}/address", {"email": "down@example.org"})  # it may be tried again at once
    assert EmailAddress.objects.count() == len(mailoutbox) == 1


def test_the_message_can_be_sent_again_but_not_at_once(
    signed_in: Client, person: User, other: User, mailoutbox: list[Any]
) -> None:
    mine, theirs = give_address(person, "again@example.org", verified=False), give_address(other, verified=False)
    assert "Send the message again" in text(signed_in)
    door = f"{PAGE}/address/{mine.pk}/confirm"
    signed_in.post(door)
    assert [letter.to for letter in mailoutbox] == [["again@example.org"]]
    assert "within the last three minutes" in signed_in.post(door, follow=True).content.decode()
    assert len(mailoutbox) == 1
    assert signed_in.post(f"{PAGE}/address/{theirs.pk}/confirm").status_code == 404
    EmailAddress.objects.filter(pk=mine.pk).update(verified=True)
    assert signed_in.post(door).status_code == 404
    assert "Send the message again" not in text(signed_in)


def test_addresses_have_an_end_and_so_has_trying(signed_in: Client, mailoutbox: list[Any]) -> None:
    answers = [signed_in.post(f"{PAGE}/address", {"email": f"x{number}@example.org"}) for number in range(12)]
    assert EmailAddress.objects.count() == len(mailoutbox) == 3
    assert b"errorlist" in answers[3].content
    assert [answer.status_code for answer in answers[10:]] == [429, 429]


@pytest.mark.parametrize(
    "address", ["", "nonsense", "a@b", "x" * 300 + "@example.org", "a@example.org\nBcc: b@example.org"]
)
def test_an_address_that_is_none_is_told(signed_in: Client, mailoutbox: list[Any], address: str) -> None:
    assert b"errorlist" in signed_in.post(f"{PAGE}/address", {"email": address}).content
    assert mailoutbox == []


def test_quiet_hours_are_kept_shown_and_switched_off(signed_in: Client, person: User) -> None:
    for at in ("23:00", "05:00"):
        signed_in.post(f"{PAGE}/times", {"at": at, "days": WEEK})
    signed_in.post(f"{PAGE}/quiet", {"on": "on", "start": "22:00", "end": "06:30"})
    row = QuietHours.objects.get()
    assert (row.user, row.start, row.end) == (person, time(22), time(6, 30))
    page = text(signed_in)
    assert 'value="06:30"' in page
    assert page.count("so it waits until 06:30") == 1
    assert page.count("its day is over when they end") == 1  # 23:00's: a new day begins at 04:00
    signed_in.post(f"{PAGE}/quiet", {"start": "22:00", "end": "06:30"})
    assert not QuietHours.objects.exists()


@pytest.mark.parametrize("wrong", [{"start": ""}, {"end": "late"}, {"end": "22:00"}])
def test_quiet_hours_that_are_none_are_told(signed_in: Client, wrong: dict[str, str]) -> None:
    fields = {"on": "on", "start": "22:00", "end": "07:00"} | wrong
    page = signed_in.post(f"{PAGE}/quiet", fields, follow=True)
    assert b"errorlist" in page.content or b"are none" in page.content
    assert not QuietHours.objects.exists()


def test_a_browser_is_kept_named_and_removed(signed_in: Client, person: User) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"
    answer = signed_in.post(f"{PAGE}/browsers", subscription(), headers={"User-Agent": agent})
    row = Browser.objects.get()
    assert answer.json() == {"id": str(row.pk)}
    assert (row.user, row.name) == (person, "Chrome on Linux")
    page = text(signed_in)
    assert "Chrome on Linux" in page
    assert row.endpoint not in page
    signed_in.post(f"{PAGE}/browsers/{row.pk}/remove")
    assert not Browser.objects.exists()


def test_the_same_browser_again_is_the_same_row_and_goes_to_who_signs_in_last(
    signed_in: Client, person: User, other: User
) -> None:
    signed_in.post(f"{PAGE}/browsers", subscription())
    signed_in.post(f"{PAGE}/browsers", subscription())
    assert Browser.objects.get().user == person
    theirs = Client()
    theirs.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    theirs.post(f"{PAGE}/browsers", subscription())
    assert Browser.objects.get().user == other


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": ""}, {"endpoint": "http://push.example.org/x"}, {"endpoint": "https://127.0.0.1/x"},
        {"endpoint": "https://localhost/x"}, {"endpoint": "https://169.254.169.254/latest/meta-data"},
        {"endpoint": "javascript:alert(1)"}, {"endpoint": "https://push.example.org/" + "x" * 100_000},
        {"p256dh": ""}, {"p256dh": "AAAA"}, {"p256dh": "B" + "A" * 86}, {"p256dh": "ä" * 87}, {"p256dh": "x" * 10**6},
        {"auth": ""}, {"auth": "short"}, {"auth": "!" * 22}, {"auth": "A" * 10**6},
    ],
)  # fmt: skip
def test_a_subscription_that_is_none_is_refused(signed_in: Client, wrong: dict[str, str]) -> None:
    answer = signed_in.post(f"{PAGE}/browsers", subscription(**wrong))
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_subscription"
    assert not Browser.objects.exists()


def test_a_giant_subscription_is_refused(signed_in: Client) -> None:
    answer = signed_in.post(f"{PAGE}/browsers", subscription(auth="A" * 3 * 2**20), "application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert not Browser.objects.exists()


def test_a_browser_that_changed_its_address_is_still_the_same(person: User) -> None:
    row = give_browser(person)
    worker = Client(enforce_csrf_checks=True)  # it has neither a token nor a session
    fresh = subscription()
    assert worker.post(f"{PAGE}/browsers/renew", {"old": "https://push.example.org/other"} | fresh).status_code == 404
    assert worker.post(f"{PAGE}/browsers/renew", {"old": row.endpoint} | subscription(auth="x")).status_code == 400
    assert worker.post(f"{PAGE}/browsers/renew", {"old": row.endpoint} | fresh).status_code == 200
    after = Browser.objects.get()
    assert (after.pk, after.user, after.endpoint, after.p256dh) == (row.pk, person, fresh["endpoint"], fresh["p256dh"])


def test_an_eleventh_browser_is_too_many(signed_in: Client, person: User) -> None:
    for number in range(10):
        give_browser(person, number)
    answer = signed_in.post(f"{PAGE}/browsers", subscription())
    assert answer.json()["error"]["code"] == "too_many"


def test_a_test_shows_what_became_of_it(signed_in: Client, person: User) -> None:
    give_browser(person, name="Firefox on Android")
    assert signed_in.post(f"{PAGE}/test", {"channel": "push"})["Location"] == f"{PAGE}#try"
    fragment = signed_in.get(f"{PAGE}/test/result")
    assert fragment.status_code == 202
    assert b"On its way." in fragment.content
    ends = {
        ("sent", ""): "Sent.",
        ("failed", "browser_unsubscribed"): "no longer takes messages",
        ("failed", "service_said_403"): "The person who runs this site can see why",
        ("dropped", "too_late"): "It waited too long",
    }
    for (state, outcome), sentence in ends.items():
        Delivery.objects.update(state=state, outcome=outcome, finished_at=timezone.now())
        fragment = signed_in.get(f"{PAGE}/test/result")
        assert fragment.status_code == 200
        assert sentence in fragment.content.decode()
    assert "Firefox on Android" in text(signed_in)
    Message.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert "It waited too long" not in text(signed_in)


def test_tests_have_an_end(signed_in: Client, person: User) -> None:
    give_browser(person)
    for _test in range(7):
        page = signed_in.post(f"{PAGE}/test", {"channel": "push"}, follow=True)
    assert b"five tests in ten minutes" in page.content
    assert Message.objects.count() == 5


@pytest.mark.parametrize(("channel", "status"), [("", 404), ("pigeon", 404), ("push", 302)])
def test_a_test_to_nowhere_is_not_sent(signed_in: Client, channel: str, status: int) -> None:
    assert signed_in.post(f"{PAGE}/test", {"channel": channel}).status_code == status
    assert not Message.objects.exists()


def test_a_message_leads_its_person_to_the_page_and_others_to_today(
    signed_in: Client, client: Client, person: User, other: User
) -> None:
    now = timezone.now()
    mine, theirs = (
        Message.objects.create(user=somebody, kind=Kind.DOWNSWING, key="k", page="/history", expires_at=now)
        for somebody in (person, other)
    )
    assert signed_in.get(f"/told/{mine.pk}")["Location"] == "/history"
    assert signed_in.get(f"/told/{theirs.pk}")["Location"] == "/"
    assert signed_in.get(f"/told/{uuid4()}")["Location"] == "/"
    assert Client().get(f"/told/{mine.pk}")["Location"] == f"/accounts/login/?next=/told/{mine.pk}"


def test_the_service_worker_is_served_at_the_root_and_not_kept(client: Client, person: User) -> None:
    answer = client.get("/service-worker.js")
    if answer.status_code == 404:
        pytest.skip("the front end is not built")
    assert answer["Content-Type"] == "text/javascript"
    assert answer["Cache-Control"] == "no-cache"
    assert b"showNotification" in answer.content


@pytest.mark.parametrize("number", [1, 3])
def test_more_rows_need_no_more_queries(
    signed_in: Client, person: User, django_assert_max_num_queries: Any, number: int
) -> None:
    give_address(person)
    for index in range(number):
        give_browser(person, index)
        Reminder.objects.create(user=person, at=time(index), days=127, next_at=timezone.now())
    signed_in.post(f"{PAGE}/test", {"channel": "push"})
    with django_assert_max_num_queries(12):
        signed_in.get(PAGE)


def test_the_stand_in_is_no_way_around_the_rules(signed_in: Client) -> None:
    """Only with the operator's setting may a service live on this machine."""
    service = PushService(url="http://127.0.0.1:9")
    assert signed_in.post(f"{PAGE}/browsers", service.browser().fields).status_code == 400
