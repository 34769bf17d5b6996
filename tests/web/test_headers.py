from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from journal.accounts.models import User

pytestmark = pytest.mark.django_db


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
    report = client.post("/csp-report", '{"csp-report": {"blocked-uri": "inline"}}', "application/csp-report")
    assert report.status_code == 204
    assert "blocked-uri" in caplog.text


def test_the_embedded_database_overwrites_what_it_deletes_and_lets_readers_read() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only the embedded database has these switches")
    with connection.cursor() as cursor:
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("secure_delete", "journal_mode")}
    assert found == {"secure_delete": 1, "journal_mode": "wal"}
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
