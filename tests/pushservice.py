"""A browser maker's push service and its browsers, small and honest: it takes messages, opens and checks them.

Opens by RFC 8291 and checks signatures by RFC 8292 with ``cryptography`` alone, so that the sender's own libraries
don't judge themselves.
"""

from __future__ import annotations

import base64
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def to_bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


@dataclass
class Receiver:
    """One browser: an address of its own, a key pair and a secret."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen letters!"

    @property
    def fields(self) -> dict[str, str]:
        """What a page would hand to the site."""
        p256dh = to_text(point_of(self.key.public_key()))
        return {"endpoint": self.endpoint, "p256dh": p256dh, "auth": to_text(self.auth)}

    def open(self, sealed: bytes) -> bytes:
        """RFC 8291, section 3.4, then RFC 8188, section 2."""
        salt, length = sealed[:16], sealed[20]
        sender, body = sealed[21 : 21 + length], sealed[21 + length :]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        info = b"WebPush: info\0" + point_of(self.key.public_key()) + sender
        material = _derive(self.key.exchange(ec.ECDH(), theirs), self.auth, info, 32)
        key = _derive(material, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derive(material, salt, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, body, None).rstrip(b"\0")
        assert padded[-1] == 2, "the last record ends with a two"
        return padded[:-1]


@dataclass(frozen=True)
class Arrived:
    """A message as it came, and what was in it."""

    path: str
    headers: dict[str, str]
    note: dict[str, Any]
    claims: dict[str, Any]
    signed_by: str


@dataclass
class PushService:
    """``answers`` are given in turn, the last one again and again; each is a status and headers."""

    url: str = ""
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=lambda: [(201, {})])
    arrived: list[Arrived] = field(default_factory=list)
    receivers: dict[str, Receiver] = field(default_factory=dict)
    asked: int = 0

    def browser(self, name: str = "one") -> Receiver:
        receiver = Receiver(f"{self.url}/send/{name}")
        self.receivers[f"/send/{name}"] = receiver
        return receiver

    def take(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        self.asked += 1
        status, extra = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if status == 201:
            claims, key = check_signature(headers["authorization"])
            note = json.loads(self.receivers[path].open(body))
            self.arrived.append(Arrived(path, headers, note, claims, key))
        return status, extra


def check_signature(header: str) -> tuple[dict[str, Any], str]:
    """The claims of a VAPID header and the key that really signed them."""
    scheme, _space, rest = header.partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, claims, signature = parts["t"].split(".")
    assert json.loads(to_bytes(head))["alg"] == "ES256"
    raw = to_bytes(signature)
    both = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to_bytes(parts["k"]))
    key.verify(both, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    told: dict[str, Any] = json.loads(to_bytes(claims))
    assert time.time() < told["exp"] <= time.time() + 24 * 3600
    return told, parts["k"]


@contextmanager
def push_service() -> Iterator[PushService]:
    """Run one on a free port of this machine."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, extra = service.take(self.path, headers, body)
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            service.asked += 100  # a redirect was followed
            self.send_error(405)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.url = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, daemon=True).start()
        yield service
        server.shutdown()


@contextmanager
def dripping(answer: bytes) -> Iterator[int]:
    """A service that says a letter of its answer every tenth of a second; its port."""
    done = Event()

    def drip(listener: socket.socket) -> None:
        with suppress(OSError), listener.accept()[0] as client:
            for letter in answer:
                client.send(bytes([letter]))
                if done.wait(0.1):
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=drip, args=[listener], daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        done.set()
        thread.join(5)
