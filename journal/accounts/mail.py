"""Whether this site can send e-mail; many can't, and everything works without."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from journal.accounts.refusal import Refused

log = structlog.get_logger(__name__)


def is_set_up() -> bool:
    """Whether mail leaves this machine. The console is a log, and no place for links that open an account."""
    return not settings.EMAIL_BACKEND.endswith("console.EmailBackend")


def not_sent(letter: str, error: Exception) -> Refused:
    """A line for the operator, and a sentence for the person whose message stayed here."""
    codes = _codes(error)
    # The server's own words may hold the address, so that only its numbers are kept.
    log.warning("mail_not_sent", letter=letter, error=type(error).__name__, codes=codes)
    if isinstance(error, SMTPRecipientsRefused) and all(code >= 500 for code in codes):
        sentence = _("The mail server takes no messages for this address. Please look whether it is spelt right.")
        return Refused("address_refused", sentence)
    sentence = _("The mail server isn't taking messages just now, so no message was sent. Please try again later.")
    return Refused("mail_not_sent", sentence)


def _codes(error: Exception) -> list[int]:
    if isinstance(error, SMTPRecipientsRefused):
        return sorted(code for code, _words in error.recipients.values())
    return [code] if (code := getattr(error, "smtp_code", None)) else []
