"""The way out that every e-mail carries: a signed link, good without signing in."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from journal.accounts.models import User
from journal.telling.models import Channel, OptIn

SALT: Final = "moodtide: no more e-mail"


class DeadLink(Exception):
    """The link was not made by this site, or for somebody who is gone."""


def address_for(person: User) -> str:
    """The link for this person; it holds as long as the site's secret does."""
    token = Signer(salt=SALT).sign(str(person.pk))
    return f"{settings.PUBLIC_URL}{reverse('web:unsubscribe', args=[token])}"


def whose(token: str) -> User:
    """Whom a link is for; raise ``DeadLink`` if for nobody."""
    try:
        person = User.objects.filter(pk=int(Signer(salt=SALT).unsign(token))).first()
    except BadSignature as error:
        raise DeadLink from error
    if person is None:
        raise DeadLink
    return person


def stop_email(person: User) -> int:
    """No more messages by e-mail, of whatever kind: their letters look alike, so one way out closes them all."""
    rows, _by_model = OptIn.objects.filter(user=person, channel=Channel.EMAIL).delete()
    return rows
