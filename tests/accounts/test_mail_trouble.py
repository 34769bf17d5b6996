"""Pages that send a message at once, and a mail server that is down or says no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from journal.accounts.models import User
from tests.mailserver import MailServer, mail_server, use
from tests.site import free_port
from tests.telling.conftest import give_address

pytestmark = pytest.mark.django_db
ADDRESSES, FORGOTTEN, REMINDERS = "/accounts/email/", "/accounts/password/reset/", "/settings/reminders/address"
AWAY = "taking messages just now"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as running:
        use(running, settings)
        yield running


@pytest.fixture
def down(server: MailServer, settings: Any) -> None:
    settings.EMAIL_PORT = free_port()


def add(client: Client, email: str = "ottilie@example.org") -> str:
    answer = client.post(ADDRESSES, {"email": email, "action_add": ""}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def send_again(client: Client, email: str = "ottilie@example.org") -> str:
    return client.post(ADDRESSES, {"email": email, "action_send": ""}, follow=True).content.decode()


def forget(client: Client, email: str = "ottilie@example.org") -> str:
    answer = client.post(FORGOTTEN, {"email": email}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("down")
def test_a_new_address_is_not_half_kept_and_stays_in_the_form(
    signed_in: Client, caplog: pytest.LogCaptureFixture
) -> None:
    page = add(signed_in)
    assert AWAY in page
    assert 'value="ottilie@example.org"' in page
    assert not EmailAddress.objects.exists()
    assert "mail_not_sent" in caplog.text
    assert "email_confirmation" in caplog.text
    assert "example.org" not in caplog.text


@pytest.mark.usefixtures("down")
def test_the_reminders_page_keeps_what_was_typed_too(signed_in: Client) -> None:
    page = signed_in.post(REMINDERS, {"email": "ottilie@example.org"}).content.decode()
    assert AWAY in page
    assert 'value="ottilie@example.org"' in page


def test_it_can_be_tried_again_at_once(signed_in: Client, server: MailServer) -> None:
    server.recipient = "451 later"
    assert AWAY in add(signed_in)
    server.recipient = "250 OK"
    assert "on its way" in add(signed_in)
    assert [letter["To"] for letter in server.letters] == ["ottilie@example.org"]


def test_an_address_that_the_server_refuses_is_said_to_be_the_trouble(signed_in: Client, server: MailServer) -> None:
    server.recipient = "550 nobody called ottilie@example.org here"
    assert "spelt right" in add(signed_in)
    assert not EmailAddress.objects.exists()


@pytest.mark.parametrize("trouble", [{"data": "554 no"}, {"data": "451 later"}, {"hang_up": True}])
def test_a_server_that_gives_up_in_the_middle_is_no_error_page(
    signed_in: Client, server: MailServer, trouble: dict[str, Any]
) -> None:
    for name, value in trouble.items():
        setattr(server, name, value)
    assert AWAY in add(signed_in)


def test_the_link_is_sent_again_or_it_is_said_why_not(
    signed_in: Client, person: User, server: MailServer, settings: Any
) -> None:
    give_address(person, "ottilie@example.org", verified=False)
    working, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    assert AWAY in send_again(signed_in)
    settings.EMAIL_PORT = working
    assert "on its way" in send_again(signed_in)
    assert "within the last three minutes" in send_again(signed_in)
    assert len(server.letters) == 1


def test_nothing_is_sent_to_somebody_elses_address(signed_in: Client, other: User, server: MailServer) -> None:
    give_address(other, "yvonne@example.org", verified=False)
    send_again(signed_in, "yvonne@example.org")
    send_again(signed_in, "nonsense")
    assert server.letters == []


@pytest.mark.usefixtures("down")
def test_a_forgotten_password_says_the_same_for_every_address(client: Client, person: User) -> None:
    give_address(person, "ottilie@example.org")
    known, unknown = forget(client), forget(client, "nobody@example.org")
    for page, email in ((known, "ottilie@example.org"), (unknown, "nobody@example.org")):
        assert AWAY in page
        assert f'value="{email}"' in page
        assert "Ask the person who runs this site" in page


def test_a_forgotten_passwords_link_arrives(client: Client, person: User, server: MailServer) -> None:
    give_address(person, "ottilie@example.org")
    forget(client)
    assert "password/reset/key" in server.letters[0].get_content()
