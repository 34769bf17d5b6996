"""E-mail: what a letter says, the way out of it, and a mail server's moods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from journal.accounts.models import User
from journal.telling.courier import deliver
from journal.telling.models import Channel, Delivery, Kind, OptIn
from journal.telling.unsubscribe import address_for
from tests.mailserver import MailServer, mail_server, use
from tests.site import free_port
from tests.telling.conftest import give_address, make_due, opt_in, queue, state_of

pytestmark = pytest.mark.django_db
State = Delivery.State
ONE_CLICK = {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A real conversation with a mail server, by the settings that an operator would use."""
    with mail_server() as running:
        use(running, settings)
        yield running


@pytest.fixture
def row(person: User) -> Delivery:
    give_address(person)
    return queue(person, Channel.EMAIL, page="/days/2026-11-20")[0]


def test_a_letter_says_nothing_but_that_there_is_a_note(row: Delivery, server: MailServer) -> None:
    deliver(row.pk)
    assert state_of(row) == (State.SENT, "")
    [letter] = server.letters
    assert letter["To"] == "ottilie@example.org"
    assert letter["Subject"] == "Moodtide has a note for you"
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    for part in (plain.get_content(), html.get_content()):
        assert f"http://localhost:8000/told/{row.message_id}" in part
        assert "unsubscribe/" in part
        telling = ("ottilie", "/days/", "2026-11-20", "reminder", "mood has", "<img")
        assert not [word for word in telling if word in part.lower()]


def test_the_headers_let_a_mail_program_stop_it_by_itself(row: Delivery, server: MailServer, client: Client) -> None:
    opt_in(row.message.user, Channel.EMAIL, Kind.DOWNSWING)
    opt_in(row.message.user, Channel.PUSH)
    deliver(row.pk)
    [letter] = server.letters
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = letter["List-Unsubscribe"].strip(" <>")
    assert link == address_for(row.message.user)
    path = link.removeprefix("http://localhost:8000")
    # As a mail program does it: no cookie, no token, no referrer.
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, **ONE_CLICK).status_code == 200
    assert list(OptIn.objects.values_list("channel", flat=True)) == [Channel.PUSH]


def test_a_visit_alone_stops_nothing(row: Delivery, client: Client) -> None:
    path = address_for(row.message.user).removeprefix("http://localhost:8000")
    page = client.get(path)
    assert page.status_code == 200
    assert b"Stop these e-mails" in page.content
    assert row.message.user.username.encode() not in page.content
    assert OptIn.objects.count() == 1
    assert b"It is done" in client.post(path).content
    assert not OptIn.objects.exists()


@pytest.mark.parametrize("token", ["nonsense", "1:forged", "%00", "x" * 500])
def test_a_forged_link_stops_nothing(row: Delivery, client: Client, token: str) -> None:
    assert client.post(f"/unsubscribe/{token}", **ONE_CLICK).status_code == 404
    assert OptIn.objects.exists()


def test_a_link_for_somebody_who_is_gone_is_dead(person: User, other: User, client: Client) -> None:
    path = address_for(person).removeprefix("http://localhost:8000")
    person.delete()
    assert client.post(path, **ONE_CLICK).status_code == 404


def test_after_the_way_out_what_waits_is_not_sent(row: Delivery, server: MailServer, client: Client) -> None:
    client.post(address_for(row.message.user).removeprefix("http://localhost:8000"), **ONE_CLICK)
    deliver(row.pk)
    assert state_of(row) == (State.DROPPED, "switched_off")
    assert server.letters == []


def test_a_server_that_is_away_is_asked_again(row: Delivery, settings: Any, mailoutbox: list[object]) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", free_port(), False
    deliver(row.pk)
    assert state_of(row) == (State.QUEUED, "mail_server_not_reached")


@pytest.mark.parametrize("where", ["recipient", "data"])
def test_a_greylisting_server_gets_it_later(row: Delivery, server: MailServer, where: str) -> None:
    setattr(server, where, "451 come back for ottilie@example.org")
    deliver(row.pk)
    assert state_of(row) == (State.QUEUED, "mail_server_said_451")
    setattr(server, where, "250 OK")
    make_due(row)
    deliver(row.pk)
    assert state_of(row) == (State.SENT, "")
    assert len(server.letters) == 1


@pytest.mark.parametrize("where", ["recipient", "data"])
def test_a_server_that_refuses_is_not_asked_again(
    row: Delivery, server: MailServer, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    setattr(server, where, "550 nobody called ottilie@example.org here")
    deliver(row.pk)
    assert state_of(row) == (State.FAILED, "mail_server_said_550")
    assert "delivery_failed" in caplog.text
    assert "example.org" not in caplog.text


def test_a_letter_that_may_have_been_taken_is_not_sent_again(row: Delivery, server: MailServer) -> None:
    server.hang_up = True
    deliver(row.pk)
    assert state_of(row) == (State.FAILED, "mail_server_broke_off")


def test_an_address_that_was_taken_away_meanwhile_gets_nothing(row: Delivery, server: MailServer) -> None:
    row.message.user.emailaddress_set.all().delete()
    deliver(row.pk)
    assert state_of(row) == (State.DROPPED, "no_address")
    assert server.letters == []
