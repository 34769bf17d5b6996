"""What an operator's environment means for a start."""

from __future__ import annotations

from pathlib import Path

import pytest

from journal.launch.options import Options
from journal.launch.refusal import RefusalError

ROOT = Path("/checkout")


def test_a_bare_start_is_for_this_machine_alone() -> None:
    options = Options.read({}, ROOT)
    assert options == Options(ROOT / "var", "http://localhost:8000", "127.0.0.1", 8000, "")


@pytest.mark.parametrize(
    ("url", "bind", "port"),
    [
        ("http://localhost:8010", "127.0.0.1", 8010),
        ("http://127.0.0.1:8010/", "127.0.0.1", 8010),
        ("http://[::1]:8010", "127.0.0.1", 8010),
        ("http://mood.lan:8010", "0.0.0.0", 8010),  # noqa: S104
        ("http://192.0.2.1", "0.0.0.0", 8000),  # noqa: S104
        ("https://mood.example.org", "127.0.0.1", 8000),
        ("https://mood.example.org:8443", "127.0.0.1", 8000),
    ],
)
def test_the_public_address_says_where_to_listen(url: str, bind: str, port: int) -> None:
    options = Options.read({"PUBLIC_URL": url}, ROOT)
    assert (options.bind, options.port) == (bind, port)
    assert options.public_url == url.rstrip("/")


def test_port_and_bind_outrank_the_public_address() -> None:
    options = Options.read({"PUBLIC_URL": "http://mood.lan:8010", "PORT": "9000", "BIND": "::1"}, ROOT)
    assert (options.bind, options.port) == ("::1", 9000)


def test_the_address_follows_the_port() -> None:
    assert Options.read({"PORT": "8010"}, ROOT).public_url == "http://localhost:8010"


@pytest.mark.parametrize(
    "environment",
    [{"PORT": "http"}, {"PORT": "0"}, {"PORT": "65536"}, {"PUBLIC_URL": "mood"}, {"PUBLIC_URL": "http://a:b"}],
)
def test_what_cannot_be_meant_is_refused_by_name(environment: dict[str, str]) -> None:
    ((name, value),) = environment.items()
    with pytest.raises(RefusalError, match=f"{name} is '{value}'"):
        Options.read(environment, ROOT)
