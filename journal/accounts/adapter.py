"""What we change in allauth."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_reset
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from journal.accounts import mail, reset
from journal.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up by themselves, links carry the public address, and no mail goes into a log."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("That name and password don't belong together. Please try once more."),
        "too_many_login_attempts": _(
            "That was tried too often, so signing in is paused for five minutes. A link from the person who runs "
            "this site lets you in at once with a new password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        return reset.link_for(key)

    def forgive(self, request: HttpRequest, user: User) -> None:
        """Forget a person's failed sign-ins: whoever just chose a new password is let in with it."""
        self._delete_login_attempts_cached_email(request, username=user.get_username())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one message while its reader waits. Raises ``Refused``."""
        if not mail.is_set_up():
            return
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            raise mail.not_sent(template_prefix, error) from error


@receiver(password_reset)
def let_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    AccountAdapter(request).forgive(request, user)
