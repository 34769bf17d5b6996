"""What happens to the data can be read by everybody, before they join."""

from __future__ import annotations

import pytest
from django.test import Client

from journal.accounts.models import User

pytestmark = pytest.mark.django_db


def test_it_is_readable_without_signing_in(client: Client) -> None:
    User.objects.create_user("mira")
    page = client.get("/privacy")
    assert page.status_code == 200
    assert b"site&#x27;s key" in page.content or b"site's key" in page.content
    assert b"not a medical device" in page.content


def test_it_leads_somebody_signed_in_to_their_choices(client: Client) -> None:
    client.force_login(User.objects.create_user("mira"))
    assert b'href="/consent"' in client.get("/privacy").content


def test_it_takes_no_posts(client: Client) -> None:
    User.objects.create_user("mira")
    assert client.post("/privacy").status_code == 405
