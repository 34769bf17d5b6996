"""What a view behind the sign-in is handed, for those who read types."""

from __future__ import annotations

from django.http import HttpRequest

from journal.accounts.models import User


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in: ``login_required`` lets no other through."""

    user: User
