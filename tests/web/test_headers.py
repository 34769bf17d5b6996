from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from journal.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_reports_yet() -> None:
    """How many came is remembered for a while."""
    cache.clear()


def test_the_strict_policy_stands_on_every_page(client: Client, person: User) -> None:
    for path in ("/privacy", "/accounts/login/", "/nowhere"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "camera=(self)" in headers["Permissions-Policy"]
        assert "microphone=()" in headers["Permissions-Policy"]
        assert headers["X-Frame-Options"] == "DENY"


def test_a_policy_report_becomes_a_line_for_the_operator(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert (
        send(client, {"violated-directive": "script-src", "blocked-uri": "https://elsewhere.example/a.js?b=c"}) == 204
    )
    assert "script-src" in caplog.text
    assert "https://elsewhere.example" in caplog.text
    assert "a.js" not in caplog.text


def send(client: Client, report: object) -> int:
    return client.post("/csp-report", json.dumps({"csp-report": report}), "application/csp-report").status_code


def test_a_policy_report_tells_no_link_that_somebody_was_given(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for blocked in ("inline", "http://testserver/join/secret", "data:secret", "/join/secret", "https://a:secret@b/"):
        send(client, {"document-uri": "http://testserver/join/secret", "referrer": "secret", "blocked-uri": blocked})
    assert "secret" not in caplog.text
    assert "web:join" in caplog.text


@pytest.mark.parametrize("body", ["", "[]", "null", "[" * 20_000, '{"csp-report": 3}'])
def test_what_is_no_policy_report_is_refused(body: str, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert client.post("/csp-report", body, "application/csp-report").status_code == 400
    assert "csp_report" not in caplog.text


def test_policy_reports_cannot_wash_the_log_out(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(30):
        assert send(client, {"blocked-uri": "inline"}) == 204
    events = [record.msg["event"] for record in caplog.records if isinstance(record.msg, dict)]
    assert events == ["csp_report"] * 10 + ["csp_reports_dropped"]


def test_the_embedded_database_overwrites_what_it_deletes_and_lets_readers_read() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only the embedded database has these switches")
    with connection.cursor() as cursor:
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("secure_delete", "journal_mode")}
    assert found == {"secure_delete": 1, "journal_mode": "wal"}
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
