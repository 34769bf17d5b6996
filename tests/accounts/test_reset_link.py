"""A link from the person who runs the site gets somebody back in, once, without any e-mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from allauth.account.forms import default_token_generator
from django.contrib.auth import authenticate
from django.core import mail as outbox
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from journal.accounts.models import User

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db
OLD, NEW = "correct horse battery", "stapled to a cloud"
CONSOLE = "django.core.mail.backends.console.EmailBackend"


@pytest.fixture(autouse=True)
def no_rate_limits_left_over() -> None:
    cache.clear()


@pytest.fixture
def mira() -> User:
    return User.objects.create_user("mira", password=OLD)


def printed_link(name: str = "mira") -> str:
    out = StringIO()
    call_command("reset_link", name, stdout=out)
    return out.getvalue().strip()


def choose_password(client: Client, link: str, password: str) -> int:
    """Open the link as a browser does, and fill in the form if there is one."""
    page = client.get(urlsplit(link).path, follow=True)
    if b"password1" not in page.content:
        return 0
    form = page.redirect_chain[-1][0]
    return client.post(form, {"password1": password, "password2": password}).status_code


def test_it_prints_one_absolute_link(mira: User, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://moods.example"
    assert printed_link("Mira").startswith("https://moods.example/accounts/password/reset/key/")


def test_it_lets_somebody_choose_a_password_without_email(client: Client, mira: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = CONSOLE
    assert choose_password(client, printed_link(), NEW) == 302
    assert authenticate(username="mira", password=NEW) == mira
    assert authenticate(username="mira", password=OLD) is None


def test_it_works_once(client: Client, mira: User) -> None:
    link = printed_link()
    choose_password(client, link, NEW)
    assert choose_password(Client(), link, "yet another phrase") == 0
    assert authenticate(username="mira", password=NEW) == mira


def test_it_runs_out(client: Client, mira: User, monkeypatch: pytest.MonkeyPatch) -> None:
    link = printed_link()
    later = datetime.now() + timedelta(days=3, minutes=1)
    monkeypatch.setattr(default_token_generator, "_now", lambda: later)
    assert choose_password(client, link, NEW) == 0
    assert b"no longer works" in client.get(urlsplit(link).path).content


def test_it_signs_other_devices_out(client: Client, mira: User) -> None:
    client.force_login(mira)
    choose_password(Client(), printed_link(), NEW)
    assert client.get("/settings").status_code == 302


def test_an_unknown_name_gets_one_clear_sentence(mira: User) -> None:
    with pytest.raises(CommandError, match=r"^There is nobody called jonas here\.$"):
        printed_link("jonas")


def test_the_forgotten_page_asks_for_an_address_only_if_mail_can_be_sent(
    client: Client, mira: User, settings: Settings
) -> None:
    assert b'type="email"' in client.get("/accounts/password/reset/").content
    settings.EMAIL_BACKEND = CONSOLE
    page = client.get("/accounts/password/reset/").content
    assert b'type="email"' not in page
    assert b"Ask the person who runs this site" in page


def test_no_link_is_written_into_the_log(
    client: Client, mira: User, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    User.objects.filter(pk=mira.pk).update(email="mira@example.org")
    settings.EMAIL_BACKEND = CONSOLE
    assert client.post("/accounts/password/reset/", {"email": "mira@example.org"}).status_code == 302
    assert "password/reset/key" not in "".join(capsys.readouterr())


def test_a_mailed_link_carries_the_public_address(client: Client, mira: User, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://moods.example"
    User.objects.filter(pk=mira.pk).update(email="mira@example.org")
    client.post("/accounts/password/reset/", {"email": "mira@example.org"})
    assert "https://moods.example/accounts/password/reset/key/" in outbox.outbox[0].body


def sign_in(client: Client, password: str) -> str:
    page = client.post("/accounts/login/", {"login": "mira", "password": password}, follow=True)
    return page.content.decode()


def test_a_new_password_ends_the_pause_after_many_wrong_ones(client: Client, mira: User) -> None:
    for _attempt in range(5):
        assert "belong together" in sign_in(client, "a guess")
    assert "paused for five minutes" in sign_in(client, OLD)
    assert choose_password(Client(), printed_link(), NEW) == 302
    assert "Hello, mira" in sign_in(client, NEW)
