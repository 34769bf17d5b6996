"""Whether this site can send e-mail; many can't, and everything works without."""

from __future__ import annotations

from django.conf import settings


def is_set_up() -> bool:
    """Whether mail leaves this machine. The console is a log, and no place for links that open an account."""
    return not settings.EMAIL_BACKEND.endswith("console.EmailBackend")
