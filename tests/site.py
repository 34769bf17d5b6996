"""A whole Moodtide for tests: the supervisor with all its parts, in a folder and on a port of its own."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import psutil
import redis

ROOT = Path(__file__).parent.parent
PASSWORD = "a quiet tide at noon"
Result = TypeVar("Result")
NOT_INHERITED = ("REDIS_URL", "PUBLIC_URL", "DATABASE_URL", "STATIC_MANIFEST")


def eventually(look: Callable[[], Result], seconds: float = 30.0, why: str = "") -> Result:
    """Wait until ``look`` returns something true and return that; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while True:
        if found := look():
            return found
        assert time.monotonic() < deadline, f"not within {seconds} s: {why or look}"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Site:
    """One running supervisor."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://localhost:{self.port}"
        own = {"MOODTIDE_HOME": str(home), "PORT": str(self.port), **environment}
        inherited = {k: v for k, v in os.environ.items() if k not in NOT_INHERITED}
        self.environment = inherited | own
        self._log = (home.parent / f"{home.name}.log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "journal.launch"],
            cwd=ROOT, env=self.environment, stdout=self._log, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def wait_until_answering(self) -> None:
        eventually(lambda: self._running() and "ready at" in self.log(), 60, "the site never answered")

    def wait_until_reading(self) -> None:
        eventually(lambda: self.presence() == b"ready", 90, "the worker never got ready")

    def log(self) -> str:
        return Path(self._log.name).read_text()

    def _running(self) -> bool:
        assert self.process.poll() is None, self.log()
        return True

    @property
    def redis(self) -> redis.Redis:
        return redis.Redis.from_url((self.home / "run" / "redis.url").read_text().strip())

    def presence(self) -> bytes | None:
        """What the inference worker last announced; Django pickles strings but not for itself alone."""
        try:
            with self.redis as client:
                said = client.get(":1:inference-worker")
        except (redis.RedisError, FileNotFoundError):
            return None
        assert said is None or isinstance(said, bytes)
        return next((word for word in (b"ready", b"warming", b"refused") if said and word in said), None)

    def part(self, word: str) -> psutil.Process | None:
        """The running process of a part, by a word of its command line ("inference@", "gunicorn", "valkey")."""
        for process in psutil.Process(self.process.pid).children(recursive=True):
            try:
                if word in " ".join(process.cmdline()):
                    return process
            except psutil.NoSuchProcess:
                continue
        return None

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        self._log.close()
        return code


@contextmanager
def running(home: Path, **environment: str) -> Iterator[Site]:
    site = Site(home, **environment)
    try:
        site.wait_until_answering()
        yield site
    finally:
        site.stop()


@dataclass(frozen=True)
class Page:
    status: int
    text: str
    url: str

    def json(self) -> Any:
        return json.loads(self.text)


class Visitor:
    """A browser without a screen: cookies, forms, and their tokens."""

    def __init__(self, url: str) -> None:
        self.url, self.jar = url, http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> Page:
        return self._send(urllib.request.Request(self.url + path))

    def post(self, path: str, fields: dict[str, str], picture: bytes | None = None) -> Page:
        token = self._token()
        body, kind = _multipart(fields | {"csrfmiddlewaretoken": token}, picture)
        headers = {"Content-Type": kind, "Origin": self.url}
        return self._send(urllib.request.Request(self.url + path, body, headers))

    def become_owner(self) -> None:
        self.get("/welcome")
        fields = {"username": "ada", "password1": PASSWORD, "password2": PASSWORD, "zone": "Europe/Berlin"}
        assert self.post("/welcome", fields).url.endswith("/consent")
        assert self.post("/consent", {"camera": "on"}).status == 200

    def sign_in(self, name: str = "ada", password: str = PASSWORD) -> None:
        self.get("/accounts/login/")
        page = self.post("/accounts/login/", {"login": name, "password": password})
        assert "login" not in page.url, page.text

    def shoot(self, picture: bytes, **changes: str) -> Page:
        fields = {
            "client_id": str(uuid.uuid4()), "taken_at": datetime.now(UTC).isoformat(),
            "zone": "Europe/Berlin", "source": "camera",
        }  # fmt: skip
        return self.post("/snapshots", fields | changes, picture)

    def result(self, shot: Page, seconds: float = 30.0) -> Page:
        """The final fragment of a shot."""

        def final() -> Page | None:
            page = self.get(shot.json()["result"])
            return page if page.status != 202 else None

        return eventually(final, seconds, "the reading never came")

    def _token(self) -> str:
        return next((cookie.value or "" for cookie in self.jar if "csrf" in cookie.name), "")

    def _send(self, request: urllib.request.Request) -> Page:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Page(answer.status, answer.read().decode(), answer.url)
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.code, error.read().decode(), error.url)


def state(fragment: Page) -> str:
    found = re.search(r'data-state="(\w+)"', fragment.text)
    assert found, fragment.text
    return found[1]


def _multipart(fields: dict[str, str], picture: bytes | None) -> tuple[bytes, str]:
    edge = uuid.uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if picture is not None:
        head = f'--{edge}\r\nContent-Disposition: form-data; name="picture"; filename="p.jpg"\r\n\r\n'
        parts += [head.encode(), picture, b"\r\n"]
    return b"".join([*parts, f"--{edge}--\r\n".encode()]), f"multipart/form-data; boundary={edge}"
