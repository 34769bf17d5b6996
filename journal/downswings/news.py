"""The one door through which a downswing reaches its person outside these pages."""

from __future__ import annotations

from django.urls import reverse

from journal.accounts.models import User
from journal.downswings.models import Downswing
from journal.telling.models import Kind
from journal.telling.tell import tell


def tell_of(user: User, row: Downswing) -> None:
    """Tell the person, by the channels that they chose, that there is something to look at; once for each row."""
    tell(user, kind=Kind.DOWNSWING, key=f"downswing:{row.pk}", page=reverse("web:downswing"))
