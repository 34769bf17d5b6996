"""A message by e-mail, through the operator's server: plain and calm, with a way out in every one (RFC 8058)."""

from __future__ import annotations

import smtplib

from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from journal.telling import channels, unsubscribe, words
from journal.telling.models import Delivery
from journal.telling.outcome import NotEver, NotNow


def send(row: Delivery) -> None:
    """Hand a message to the mail server. Raises ``NotNow`` or ``NotEver``."""
    address = channels.address_of(row.message.user)
    if address is None:
        raise NotEver("no_address")
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        raise NotNow("mail_server_not_reached") from error
    try:
        connection.send_messages([_letter(row, address)])
    except smtplib.SMTPRecipientsRefused as error:
        _judge(next((code for code, _words in error.recipients.values()), 500), error)
    except smtplib.SMTPResponseException as error:
        _judge(error.smtp_code, error)
    except (smtplib.SMTPException, OSError) as error:
        raise NotEver("mail_server_broke_off") from error  # it may have taken the message
    finally:
        connection.close()


def _judge(code: int, error: Exception) -> None:
    # The server's own words may hold the address, so that only its number is kept.
    if 400 <= code < 500:
        raise NotNow(f"mail_server_said_{code}") from error
    raise NotEver(f"mail_server_said_{code}") from error


def _letter(row: Delivery, address: str) -> EmailMultiAlternatives:
    stop = unsubscribe.address_for(row.message.user)
    context = {"neutral": words.NEUTRAL, "open": words.address_of(row.message), "stop": stop}
    letter = EmailMultiAlternatives(
        subject=str(words.NEUTRAL),
        body=render_to_string("telling/letter.txt", context),
        to=[address],
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    letter.attach_alternative(render_to_string("telling/letter.html", context), "text/html")
    return letter
