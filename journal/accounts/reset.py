"""A link that lets one person choose a new password, once."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from journal.accounts.models import User


def reset_link(user: User) -> str:
    """An absolute link, good for PASSWORD_RESET_TIMEOUT, for one use, and until the next sign-in."""
    return link_for(f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}")


def link_for(key: str) -> str:
    """The absolute link for allauth's key, which is the person's id and the token."""
    uid, _, token = key.partition("-")
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    return str(settings.PUBLIC_URL + path)
