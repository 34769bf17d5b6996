"""One setting decides host, cookies, HSTS and redirects."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from typing import Any

ASK = """
    import django, json
    from django.test import Client
    django.setup()
    from django.conf import settings
    def visit(host, **extra):
        answer = Client().get("/privacy", HTTP_HOST=host, **extra)
        return [answer.status_code, answer.get("Location", ""), answer.get("Strict-Transport-Security", "")]
    print(json.dumps({
        "plain": visit(OWN), "other": visit("evil.example", HTTP_X_FORWARDED_PROTO="https"),
        "proxied": visit(OWN, HTTP_X_FORWARDED_PROTO="https"),
        "secure": settings.SESSION_COOKIE_SECURE, "cookie": settings.SESSION_COOKIE_NAME,
    }))
"""


def site_at(public_url: str, host: str) -> dict[str, Any]:
    environment = os.environ | {"PUBLIC_URL": public_url, "DJANGO_SETTINGS_MODULE": "journal.settings"}
    code = textwrap.dedent(ASK).replace("OWN", repr(host))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_https_means_secure_cookies_hsts_and_redirects() -> None:
    site = site_at("https://mood.home.example", "mood.home.example")
    assert site["plain"][:2] == [301, "https://mood.home.example/privacy"]
    status, _location, hsts = site["proxied"]
    assert (status, hsts) == (200, "max-age=31536000")
    assert (site["secure"], site["cookie"]) == (True, "__Host-moodtide")
    assert site["other"][0] == 400


def test_http_means_none_of_them() -> None:
    site = site_at("http://localhost:8000", "localhost:8000")
    assert site["plain"] == [200, "", ""]
    assert site["proxied"] == [200, "", ""]
    assert (site["secure"], site["cookie"]) == (False, "sessionid")
    assert site["other"][0] == 400
