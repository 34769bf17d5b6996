"""A person's e-mail address, and the message whose link confirms it."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext as _

from journal.accounts.models import User
from journal.accounts.refusal import Refused

log = structlog.get_logger(__name__)


def add(request: HttpRequest, user: User, email: str) -> None:
    """Keep an address and send the link that confirms it; nothing is kept where that fails. Raises ``Refused``."""
    address = EmailAddress.objects.add_email(request, user, email, confirm=False)
    try:
        send_link(request, address)
    except Refused:
        # Not one transaction: a mail server that takes its time would hold up everybody else's writing.
        address.delete()
        raise


def unconfirmed(user: User, pk: int) -> EmailAddress | None:
    """One of a person's addresses that still waits for its link to be followed."""
    return EmailAddress.objects.filter(user=user, pk=pk, verified=False).first()


def send_link(request: HttpRequest, address: EmailAddress) -> None:
    """Send the link that confirms an address, at most once in three minutes. Raises ``Refused``."""
    if not ratelimit.consume(request, action="confirm_email", key=address.email):
        sentence = _("A message went there within the last three minutes. Please give it a little time to arrive.")
        raise Refused("too_soon", sentence)
    try:
        address.send_confirmation(request)
    except (SMTPException, OSError) as error:
        ratelimit.clear(request, action="confirm_email", key=address.email)
        log.warning("confirmation_not_sent", error=type(error).__name__)  # its words may hold the address
        sentence = _("The mail server can't be reached just now, so no message was sent. Please try again later.")
        raise Refused("mail_not_sent", sentence) from error
