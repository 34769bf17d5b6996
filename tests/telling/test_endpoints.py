"""Where messages may be sent: nobody makes the site knock at its own house's doors."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from threading import Thread
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from journal.accounts.models import User
from journal.telling import endpoints
from journal.telling.courier import deliver
from journal.telling.endpoints import Forbidden, check, is_public, resolve
from journal.telling.models import Delivery
from journal.telling.session import open_session
from tests.telling.conftest import give_browser, queue, state_of

HOST = "push.example.org"


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://web.push.apple.com/QGuQ",
        "https://db5p.notify.windows.com/w/?token=BQY%2b",
        "https://push.example.org:443/x",
    ],
)
def test_real_services_are_welcome(endpoint: str) -> None:
    check(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "", "nonsense", "http://push.example.org/x", "ftp://push.example.org/x", "javascript:alert(1)",
        "file:///etc/passwd", "https://", "https:///x", "https://push.example.org:8443/x", "https://push.example.org:x/",
        "https://push.example.org:99999/", "https://user:word@push.example.org/x", "https://push.example.org/#x",
        "https://localhost/x", "https://LOCALHOST./x", "https://site/x", "https://printer.local/x", "https://a.internal/x",
        "https://127.0.0.1/x", "https://10.0.0.1/x", "https://192.168.1.1/x", "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x", "https://[fe80::1]/x", "https://[::ffff:127.0.0.1]/x", "https://0.0.0.0/x",
        "https://push.example.org/ x", "https://push.example.org/\r\nX: y", "https://püsh.example.org/x",
        "https://push.example.org/" + "x" * 1000,
    ],
)  # fmt: skip
def test_others_are_not(endpoint: str) -> None:
    with pytest.raises(Forbidden):
        check(endpoint)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True), ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.0.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.1", False), ("224.0.0.1", False),
        ("255.255.255.255", False), ("::1", False), ("fe80::1", False), ("fc00::1", False), ("ff02::1", False),
        ("::ffff:10.0.0.1", False), ("64:ff9b::a00:1", False), ("2002:a00:1::1", False), ("2001:0:a00:1::1", False),
    ],
)  # fmt: skip
def test_addresses_of_the_open_internet(address: str, public: bool) -> None:
    assert is_public(address) is public


def named(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name lead to these."""
    family = {False: socket.AF_INET, True: socket.AF_INET6}
    found = [(family[":" in a], socket.SOCK_STREAM, 6, "", (a, 443)) for a in addresses]
    monkeypatch.setattr(endpoints.socket, "getaddrinfo", lambda *args, **kwargs: found)


def test_a_name_that_leads_home_is_refused_even_beside_a_public_one(monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, "93.184.215.14", "127.0.0.1")
    with pytest.raises(Forbidden):
        resolve(HOST, 443)


def test_the_older_kind_of_address_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "93.184.215.14")
    assert resolve(HOST, 443) == "93.184.215.14"


@pytest.mark.django_db
def test_a_browser_that_was_kept_before_its_name_changed_gets_nothing(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_browser(person)
    [row] = queue(person)
    named(monkeypatch, "169.254.169.254")
    deliver(row.pk)
    assert state_of(row) == (Delivery.State.FAILED, "address_not_allowed")


@pytest.mark.django_db
def test_a_name_that_nobody_knows_just_now_is_asked_again(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **kwargs: object) -> object:
        raise socket.gaierror(socket.EAI_AGAIN, "not now")

    give_browser(person)
    [row] = queue(person)
    monkeypatch.setattr(endpoints.socket, "getaddrinfo", unknown)
    deliver(row.pk)
    assert state_of(row) == (Delivery.State.QUEUED, "service_not_reached")


def test_plain_http_is_closed() -> None:
    with open_session() as session, pytest.raises(Forbidden):
        session.post("http://127.0.0.1/x", timeout=1)


def certificate(folder: Path, name: str) -> Path:
    """A key and a certificate for ``name``, signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, SHA256())
    )  # fmt: skip
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(plain + built.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[int, Path, list[Any]]]:
    """A server with TLS that answers to ``HOST``: its port, its certificate, and the Host headers that came."""
    heard: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.headers["Host"])
            self.send_response(201)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    pem = certificate(tmp_path, HOST)
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, pem, heard
        server.shutdown()


def test_the_connection_goes_to_the_address_that_was_checked_under_the_name_that_was_asked(
    secure: tuple[int, Path, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, pem, heard = secure
    asked: list[str] = []

    def checked(host: str, _port: int) -> str:
        asked.append(host)
        return "127.0.0.1"

    monkeypatch.setattr(endpoints, "resolve", checked)
    with open_session() as session:
        answer = session.post(f"https://{HOST}:{port}/x", data=b"x", timeout=30, verify=str(pem))
        assert answer.status_code == 201
        assert asked == [HOST]
        assert heard == [f"{HOST}:{port}"]
        # Under another name the same certificate is worth nothing.
        with pytest.raises(requests.exceptions.SSLError):
            session.post(f"https://other.example.org:{port}/x", data=b"x", timeout=30, verify=str(pem))
