"""Who we are towards a push service: a key pair of this site's own (VAPID, RFC 8292)."""

from __future__ import annotations

import base64
import time
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

# The order of the curve P-256; a private key is a number from 1 to one less.
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# Seconds that a signature holds; push services accept at most a day.
SIGNATURE_LIFE: Final = 12 * 3600


@cache
def private_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """The site's key, made from its secret, which may be any long random text."""
    # 16 bytes more than the order has, so that the remainder favours no number (FIPS 186-5, A.2.1).
    kdf = HKDF(algorithm=SHA256(), length=48, salt=None, info=b"moodtide: web push")
    number = int.from_bytes(kdf.derive(secret.encode())) % (_ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def public_key() -> str:
    """What a browser asks for when it subscribes: the uncompressed point, in base64url without padding."""
    point = private_key(settings.PUSH_KEY).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def claims(endpoint: str) -> dict[str, str | int]:
    """What a signature says: for which service, until when, and whom its operator may write to."""
    url = urlsplit(endpoint)
    return {
        "aud": f"{url.scheme}://{url.netloc}",
        "exp": int(time.time()) + SIGNATURE_LIFE,
        "sub": settings.PUSH_CONTACT,
    }
