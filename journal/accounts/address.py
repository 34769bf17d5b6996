"""A person's e-mail address, and the message whose link confirms it."""

from __future__ import annotations

from typing import Final

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.accounts.models import User
from journal.accounts.refusal import Refused

ON_ITS_WAY: Final = gettext_lazy("A message is on its way to you. Its link confirms the address.")


def add(request: HttpRequest, user: User, email: str) -> EmailAddress:
    """Keep an address and send the link that confirms it; nothing is kept where that fails. Raises ``Refused``."""
    address = EmailAddress.objects.add_email(request, user, email, confirm=False)
    try:
        send_link(request, address)
    except Refused:
        # Not one transaction: a mail server that takes its time would hold up everybody else's writing.
        address.delete()
        raise
    return address


def unconfirmed(user: User, **which: object) -> EmailAddress | None:
    """One of a person's addresses that still waits for its link to be followed."""
    return EmailAddress.objects.filter(user=user, verified=False, **which).first()


def send_link(request: HttpRequest, address: EmailAddress) -> None:
    """Send the link that confirms an address, at most once in three minutes. Raises ``Refused``."""
    if not ratelimit.consume(request, action="confirm_email", key=address.email):
        sentence = _("A message went there within the last three minutes. Please give it a little time to arrive.")
        raise Refused("too_soon", sentence)
    try:
        address.send_confirmation(request)
    except Refused:
        ratelimit.clear(request, action="confirm_email", key=address.email)
        raise
