"""The seal: every encrypted field and file of a person is closed and opened here, and nowhere else.

A person has a random data key, stored wrapped by the site key. A sealed value is a version byte, a 96-bit random
nonce, and AES-256-GCM's ciphertext and tag; what it belongs to is authenticated with it, so that a value copied to
another person, row or field doesn't open there.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from functools import cached_property
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from journal.accounts.models import DataKey, User

VERSION: Final = b"\x01"
KEY_SIZE: Final = 32
NONCE_SIZE: Final = 12


class SealBroken(Exception):
    """A sealed value doesn't open: wrong place, wrong person, wrong site key, lost key, or changed bytes."""


@dataclass(frozen=True)
class Place:
    """Where a sealed value belongs: table (``snapshots.snapshot``), the row's id, and the field."""

    table: str
    row: str
    field: str


def seal(user: User, plain: bytes, place: Place) -> bytes:
    """Seal bytes with the person's key, making the key at first use."""
    return _close(_key(user), plain, _bind(user, place))


def unseal(user: User, sealed: bytes, place: Place) -> bytes:
    """Open what ``seal`` closed for the same person and place; raise ``SealBroken`` otherwise."""
    return Opener(user).open(sealed, place)


def keys_of(users: Iterable[User]) -> dict[int, DataKey]:
    """The wrapped keys of people by their ids, in one query; who has none isn't there."""
    return {row.user_id: row for row in DataKey.objects.filter(user__in=list(users))}


def seal_text(user: User, plain: str, place: Place) -> bytes:
    """Seal a text."""
    return seal(user, plain.encode(), place)


def unseal_text(user: User, sealed: bytes, place: Place) -> str:
    """Open a sealed text."""
    return unseal(user, sealed, place).decode()


class Opener:
    """Opens many sealed values of one person with one look at the key; ``keys`` are those of many people."""

    def __init__(self, user: User, keys: Mapping[int, DataKey] | None = None) -> None:
        self._user = user
        self._row = (keys_of([user]) if keys is None else keys).get(user.pk)

    def open(self, sealed: bytes | memoryview, place: Place) -> bytes:
        """Open one value; raise ``SealBroken`` if it doesn't open."""
        return _open(self._key, sealed, _bind(self._user, place))

    @cached_property
    def _key(self) -> bytes:
        if self._row is None:
            raise SealBroken("there is no key for this person")
        return _unwrap(self._user, self._row)

    def text(self, sealed: bytes | memoryview, place: Place) -> str:
        """Open one text; raise ``SealBroken`` if it doesn't open."""
        return self.open(sealed, place).decode()


def _key(user: User) -> bytes:
    """The person's data key. Of two first uses at once, the unique row lets one key in and both use that."""
    row, _ = DataKey.objects.get_or_create(user=user, defaults={"wrapped": lambda: _wrap_new(user)})
    return _unwrap(user, row)


def _wrap_new(user: User) -> bytes:
    return _close(_site_key(), secrets.token_bytes(KEY_SIZE), _bind_key(user))


def _unwrap(user: User, row: DataKey) -> bytes:
    return _open(_site_key(), row.wrapped, _bind_key(user))


def _site_key() -> bytes:
    # The setting may be any string; this makes 32 bytes of it for this one use.
    kdf = HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=None, info=b"moodtide: wrap data keys")
    return kdf.derive(settings.SITE_KEY.encode())


def _bind(user: User, place: Place) -> bytes:
    return _bytes_of("value", str(user.pk), *astuple(place))


def _bind_key(user: User) -> bytes:
    return _bytes_of("data key", str(user.pk))


def _bytes_of(*parts: str) -> bytes:
    # JSON, because plain joining would let ("a", "bc") and ("ab", "c") be the same place.
    return VERSION + json.dumps(parts).encode()


def _close(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_SIZE)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _open(key: bytes, sealed: bytes | memoryview, bound: bytes) -> bytes:
    data = bytes(sealed)  # PostgreSQL may answer with a memoryview
    version, nonce, body = data[:1], data[1 : 1 + NONCE_SIZE], data[1 + NONCE_SIZE :]
    if version != VERSION:
        raise SealBroken("unknown format")
    try:
        return AESGCM(key).decrypt(nonce, body, bound)
    except (InvalidTag, ValueError) as error:  # ValueError: cut so short that there is no nonce
        raise SealBroken("it doesn't open here") from error
