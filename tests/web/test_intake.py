from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from journal.accounts.consent import decide
from journal.accounts.models import Purpose, User
from journal.snapshots.models import Snapshot
from tests.conftest import PICTURE

pytestmark = pytest.mark.django_db


def form(picture: bytes | None = PICTURE, **changes: Any) -> dict[str, Any]:
    fields = {
        "client_id": str(uuid.uuid4()),
        "taken_at": timezone.now().isoformat(),
        "zone": "Europe/Berlin",
        "source": "camera",
    } | changes
    if picture is not None:
        # The type that a browser claims is not believed, so a wrong one does no harm.
        fields["picture"] = SimpleUploadedFile("p.exe", picture, content_type="application/x-msdownload")
    return fields


def code(client: Client, fields: dict[str, Any]) -> tuple[int, str]:
    answer = client.post("/snapshots", fields)
    assert answer.json()["error"]["message"]
    return answer.status_code, answer.json()["error"]["code"]


def test_it_rejects_get(signed_in: Client) -> None:
    assert signed_in.get("/snapshots").status_code == 405


def test_it_needs_a_signed_in_person(client: Client, person: User) -> None:
    assert client.post("/snapshots", form()).status_code == 302
    assert not Snapshot.objects.exists()


def test_it_takes_a_snapshot_in_once(signed_in: Client) -> None:
    one = str(uuid.uuid4())
    first = signed_in.post("/snapshots", form(client_id=one))
    second = signed_in.post("/snapshots", form(client_id=one))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json()["result"] == f"/snapshots/{first.json()['id']}/result"
    assert first.json()["status"] == "queued"


def test_without_consent_it_says_so(signed_in: Client, person: User) -> None:
    decide(person, Purpose.CAMERA, granted=False)
    assert code(signed_in, form()) == (403, "no_consent")


def test_every_bad_input_has_an_answer(signed_in: Client) -> None:
    assert code(signed_in, form(picture=None)) == (400, "no_picture")
    assert code(signed_in, form(picture=b"?")) == (415, "not_an_image")
    assert code(signed_in, form(client_id="one")) == (400, "bad_client_id")
    assert code(signed_in, form(taken_at="yesterday")) == (400, "bad_time")
    assert code(signed_in, form(taken_at="2026-02-30T10:00:00Z")) == (400, "bad_time")
    assert code(signed_in, form(taken_at="2026-11-21T10:00:00")) == (400, "bad_time")
    assert code(signed_in, form(taken_at="2999-01-01T00:00:00Z")) == (400, "future")
    assert code(signed_in, form(zone="Nowhere")) == (400, "unknown_zone")
    assert not Snapshot.objects.exists()


def test_forty_megabytes_are_refused_before_they_are_read(signed_in: Client) -> None:
    assert code(signed_in, form(picture=PICTURE + b"\0" * 40_000_000)) == (413, "too_large")


def test_a_form_of_another_site_is_refused(person: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post("/snapshots", form()).status_code == 403


def test_a_body_that_is_too_long_is_refused_before_anything_looks_into_it(person: User) -> None:
    """Looking for the form's token would read it: the refusal must come before that."""
    strict = Client(enforce_csrf_checks=True)
    assert code(strict, form(picture=PICTURE + b"\0" * 40_000_000)) == (413, "too_large")


def test_a_body_without_a_length_is_refused(client: Client, person: User) -> None:
    assert client.post("/snapshots", form(), headers={"Transfer-Encoding": "chunked"}).status_code == 411
