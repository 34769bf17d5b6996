"""A message to a browser: sealed for it (RFC 8291), signed as ours (RFC 8292), handed to its maker's service."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, NoReturn

import requests
from django.conf import settings
from django.utils import timezone
from py_vapid import Vapid02
from pywebpush import WebPusher
from urllib3.exceptions import NewConnectionError

from journal.telling import vapid, words
from journal.telling.endpoints import Forbidden
from journal.telling.models import Browser, Delivery
from journal.telling.outcome import NotEver, NotNow
from journal.telling.session import Unknown, open_session

CONNECT, ANSWER = 5.0, 10.0  # seconds
GONE: Final = (404, 410)
# A service never has us wait longer than this before we look again ourselves.
LONGEST_PAUSE: Final = timedelta(hours=6)


def send(row: Delivery) -> None:
    """Hand a message to the browser's service. Raises ``NotNow`` or ``NotEver``."""
    assert row.browser is not None
    left = row.message.expires_at - timezone.now()
    status, retry_after = _post(row.browser, _payload(row), max(int(left.total_seconds()), 0))
    if 200 <= status < 300:
        Browser.objects.filter(pk=row.browser.pk).update(reached_at=timezone.now())
        return
    if status in GONE:
        _forget(row.browser)
    if status == 429 or status >= 500:
        raise NotNow(f"service_said_{status}", _pause(retry_after))
    raise NotEver(f"service_said_{status}")


def _forget(browser: Browser) -> NoReturn:
    """The service knows this address no more; meanwhile the browser may have named another in its place."""
    gone, _by_model = Browser.objects.filter(pk=browser.pk, endpoint=browser.endpoint).delete()
    raise NotEver("browser_unsubscribed") if gone else NotNow("browser_renewed")


def _payload(row: Delivery) -> bytes:
    """The same words for every message; the link names only this row, and leads nowhere for anybody else."""
    return json.dumps(
        {"title": str(words.TITLE), "body": str(words.NEUTRAL), "url": words.path_of(row.message), "tag": str(row.pk)}
    ).encode()


def _post(browser: Browser, payload: bytes, ttl: int) -> tuple[int, str]:
    try:
        keys = {"p256dh": browser.p256dh, "auth": browser.auth}
        sealed = WebPusher({"endpoint": browser.endpoint, "keys": keys}).encode(payload)["body"]
        with (
            open_session() as session,
            session.post(
                browser.endpoint, data=sealed, headers=_headers(browser.endpoint, ttl), timeout=(CONNECT, ANSWER),
                allow_redirects=False, stream=True,  # the answer's body is nobody's business, and may be long
            ) as answer,
        ):  # fmt: skip
            return answer.status_code, answer.headers.get("Retry-After", "")
    except Forbidden as error:
        raise NotEver("address_not_allowed") from error
    except requests.RequestException as error:
        if _never_left(error):
            raise NotNow("service_not_reached") from error
        raise NotEver("service_broke_off") from error  # it may have taken the message


def _never_left(error: requests.RequestException) -> bool:
    """Whether there was no connection yet, so that nothing can have been taken."""
    if isinstance(error, (requests.ConnectTimeout, requests.exceptions.SSLError, Unknown)):
        return True
    return bool(error.args) and isinstance(getattr(error.args[0], "reason", None), NewConnectionError)


def _headers(endpoint: str, ttl: int) -> dict[str, str]:
    signer = Vapid02(vapid.private_key(settings.PUSH_KEY), conf={"no-strict": True})
    signed: dict[str, str] = signer.sign(vapid.claims(endpoint))
    return signed | {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(ttl),
        "Urgency": "normal",
    }


def _pause(retry_after: str) -> timedelta | None:
    """What ``Retry-After`` asks for: seconds, or a date; None for nonsense."""
    try:
        if retry_after.isdecimal():
            pause = timedelta(seconds=min(int(retry_after), 10**6))
        else:
            pause = parsedate_to_datetime(retry_after).astimezone(UTC) - datetime.now(UTC)
    except (ValueError, OverflowError):
        return None
    return max(min(pause, LONGEST_PAUSE), timedelta())
