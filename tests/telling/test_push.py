"""Web push, against a stand-in that opens what it is sent."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from journal.accounts.models import User
from journal.telling import browsers, by_push, session, vapid
from journal.telling.courier import deliver
from journal.telling.models import Browser, Delivery
from tests.pushservice import PushService, Receiver, dripping
from tests.telling.conftest import give_receiver, make_due, queue, state_of

pytestmark = pytest.mark.django_db
State = Delivery.State


def test_the_browser_opens_a_message_that_says_nothing(person: User, service: PushService) -> None:
    browser = give_receiver(person, service.browser())
    [row] = queue(person, page="/days/2026-11-20")
    deliver(row.pk)
    assert state_of(row) == (State.SENT, "")
    [came] = service.arrived
    assert came.note == {
        "title": "Moodtide",
        "body": "Moodtide has a note for you",
        "url": f"/told/{row.message_id}",
        "tag": str(row.pk),
    }
    browser.refresh_from_db()
    assert browser.reached_at is not None


def test_the_service_hears_who_we_are_and_how_long_to_keep_it(
    person: User, service: PushService, settings: Any
) -> None:
    settings.PUSH_CONTACT = "mailto:operator@example.org"
    give_receiver(person, service.browser())
    [row] = queue(person)
    deliver(row.pk)
    [came] = service.arrived
    assert came.claims["aud"] == service.url
    assert came.claims["sub"] == "mailto:operator@example.org"
    assert came.signed_by == vapid.public_key()
    assert 3500 < int(came.headers["ttl"]) <= 3600
    assert came.headers["urgency"] == "normal"
    assert came.headers["content-encoding"] == "aes128gcm"
    assert not {"cookie", "referer", "crypto-key"} & came.headers.keys()


def test_every_browser_gets_its_own(person: User, service: PushService) -> None:
    for name in ("phone", "desk"):
        give_receiver(person, service.browser(name))
    for row in queue(person):
        deliver(row.pk)
    assert {came.path for came in service.arrived} == {"/send/phone", "/send/desk"}


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(person: User, service: PushService, status: int) -> None:
    give_receiver(person, service.browser("old"))
    kept = give_receiver(person, service.browser("new"))
    service.answers = [(status, {}), (201, {})]
    rows = queue(person)
    for row in rows:
        deliver(row.pk)
    assert list(Browser.objects.all()) == [kept]
    assert [state_of(row) for row in rows] == [(State.FAILED, "browser_unsubscribed"), (State.SENT, "")]


def test_an_answer_about_the_old_address_says_nothing_about_the_new(
    person: User, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, fresh, post = give_receiver(person, service.browser("old")), service.browser("new"), by_push._post

    def renew_meanwhile(*args: Any) -> tuple[int, str]:
        answer = post(*args)
        browsers.renew(browser.endpoint, **fresh.fields)
        return answer

    monkeypatch.setattr(by_push, "_post", renew_meanwhile)
    service.answers = [(410, {}), (201, {})]
    [row] = queue(person)
    deliver(row.pk)
    assert Browser.objects.get().endpoint == fresh.endpoint
    assert state_of(row) == (State.QUEUED, "browser_renewed")
    monkeypatch.setattr(by_push, "_post", post)
    make_due(row)
    deliver(row.pk)
    assert [came.path for came in service.arrived] == ["/send/new"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again_later(
    person: User, service: PushService, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    give_receiver(person, service.browser())
    service.answers = [(status, {}), (201, {})]
    [row] = queue(person)
    deliver(row.pk)
    assert state_of(row) == (State.QUEUED, f"service_said_{status}")
    assert timedelta(seconds=25) < row.not_before - timezone.now() < timedelta(seconds=31)
    deliver(row.pk)
    assert service.asked == 1  # not yet
    make_due(row)
    deliver(row.pk)
    assert state_of(row) == (State.SENT, "")
    assert "delivery_put_off" in caplog.text
    assert person.username not in caplog.text
    assert "reminder" not in caplog.text


def test_it_waits_as_long_as_the_service_asks(person: User, service: PushService) -> None:
    give_receiver(person, service.browser())
    service.answers = [(429, {"Retry-After": "600"})]
    [row] = queue(person)
    deliver(row.pk)
    row.refresh_from_db()
    assert timedelta(seconds=590) < row.not_before - timezone.now() < timedelta(seconds=601)


def test_what_would_come_too_late_is_given_up(person: User, service: PushService) -> None:
    give_receiver(person, service.browser())
    service.answers = [(503, {"Retry-After": "7200"})]
    [row] = queue(person)
    deliver(row.pk)
    assert state_of(row) == (State.FAILED, "service_said_503")


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_a_service_that_refuses_is_not_asked_again(person: User, service: PushService, status: int) -> None:
    give_receiver(person, service.browser())
    service.answers = [(status, {})]
    [row] = queue(person)
    deliver(row.pk)
    assert state_of(row) == (State.FAILED, f"service_said_{status}")


def test_a_redirect_is_not_followed(person: User, service: PushService) -> None:
    give_receiver(person, service.browser())
    service.answers = [(302, {"Location": f"{service.url}/elsewhere"})]
    [row] = queue(person)
    deliver(row.pk)
    assert state_of(row) == (State.FAILED, "service_said_302")
    assert service.asked == 1


def test_a_service_that_is_down_is_asked_again(person: User, service: PushService) -> None:
    browser = give_receiver(person, service.browser())
    Browser.objects.filter(pk=browser.pk).update(endpoint="http://127.0.0.1:1/nobody")
    [row] = queue(person)
    deliver(row.pk)
    assert state_of(row) == (State.QUEUED, "service_not_reached")


def test_one_that_takes_and_never_answers_is_not_told_twice(
    person: User, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_receiver(person, service.browser())
    service.answers = [(0, {})]  # no HTTP at all
    [row] = queue(person)
    deliver(row.pk)
    assert state_of(row) == (State.FAILED, "service_broke_off")


@pytest.mark.parametrize(
    ("scheme", "answer", "end"),
    [
        ("http", b"HTTP/1.1" + b" " * 600 + b"201 Created", (State.FAILED, "service_broke_off")),
        # The head of a long TLS record: hands are still being shaken, and nothing can have been taken.
        ("https", b"\x16\x03\x03\x3f\x00" + b"\x02" * 600, (State.QUEUED, "service_not_reached")),
    ],
)
def test_one_that_drips_is_cut_off(
    person: User, settings: Any, monkeypatch: pytest.MonkeyPatch, scheme: str, answer: bytes, end: tuple[str, str]
) -> None:
    settings.PUSH_PRIVATE = True
    monkeypatch.setattr(session, "LONGEST", 2.0)
    with dripping(answer) as port:
        give_receiver(person, Receiver(f"{scheme}://127.0.0.1:{port}/send/one"))
        [row] = queue(person)
        before = time.monotonic()
        deliver(row.pk)
        assert time.monotonic() - before < 30  # it would drip for a minute
    assert state_of(row) == end


def test_an_answer_in_time_leaves_no_alarm(person: User, service: PushService) -> None:
    give_receiver(person, service.browser())
    [row] = queue(person)
    deliver(row.pk)
    assert state_of(row) == (State.SENT, "")
    # A cancelled alarm's thread wakes up and ends; one that was left would sleep for its twenty seconds.
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(timeout=session.LONGEST / 2)
            assert not thread.is_alive()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120), ("0", 0), ("-5", None), ("soon", None), ("", None), ("9" * 12, 6 * 3600),
     ("Wed, 21 Oct 2015 07:28:00 GMT", 0)],
)  # fmt: skip
def test_retry_after_may_be_anything(said: str, seconds: int | None) -> None:
    assert by_push._pause(said) == (None if seconds is None else timedelta(seconds=seconds))


def test_the_key_stays_the_same_and_another_secret_makes_another(settings: Any) -> None:
    first = vapid.public_key()
    assert vapid.public_key() == first
    assert len(first) == 87
    settings.PUSH_KEY = "an operator's own long random text"
    assert vapid.public_key() != first
