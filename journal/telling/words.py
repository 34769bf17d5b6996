"""What every message says, whatever it is about: nothing that a passer-by shouldn't read."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journal.telling.models import Message

TITLE: Final = "Moodtide"
NEUTRAL: Promise = _("Moodtide has a note for you")


def path_of(message: Message) -> str:
    """The path that a message carries. It names no page, so that nobody on the way learns what it is about."""
    return reverse("web:told", args=[message.pk])


def address_of(message: Message) -> str:
    return f"{settings.PUBLIC_URL}{path_of(message)}"
