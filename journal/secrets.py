"""Secrets that are made at first start and kept in files that only the owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def read_or_create(path: Path, size: int = 32) -> str:
    """Return the secret in ``path``, making one of ``size`` random bytes (as hex) if there is none.

    Two processes that start at once agree: the file is written beside and linked into place, and only one
    link can win.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(size))
        try:
            os.link(beside, path)
        except FileExistsError:
            pass  # somebody else was first; theirs counts
        finally:
            beside.unlink()
    return path.read_text().strip()
