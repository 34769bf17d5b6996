"""What templates may ask about e-mail."""

from __future__ import annotations

from django import template

from journal.accounts import mail

register = template.Library()


@register.simple_tag
def mail_is_set_up() -> bool:
    return mail.is_set_up()
