"""What we change in allauth."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from journal.accounts import mail, reset


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up by themselves, links carry the public address, and no mail goes into a log."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        return reset.link_for(key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if mail.is_set_up():
            super().send_mail(template_prefix, email, context)
