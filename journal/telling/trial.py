"""A test message: sent at once, by the channel that the person wants to try."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from journal.accounts.models import User
from journal.accounts.refusal import Refused
from journal.telling import channels
from journal.telling.models import Channel, Delivery, Kind, Message
from journal.telling.tell import Note, tell_by

MOST: Final = 5
WITHIN: Final = timedelta(minutes=10)


def try_out(user: User, channel: Channel, page: str) -> None:
    """Queue a test by this channel, whatever else is switched on. Raises ``Refused``."""
    lately = Message.objects.filter(user=user, kind=Kind.TEST, created_at__gt=timezone.now() - WITHIN)
    if lately.count() >= MOST:
        raise Refused("too_often", _("That was five tests in ten minutes. Please wait a little before the next."))
    find = channels.by_email if channel == Channel.EMAIL else channels.by_push
    ways = find([user.pk]).get(user.pk, [])
    if not ways or user.is_demo or not user.is_active:
        raise Refused("no_way", _("There is nowhere to send a test yet."))
    tell_by(ways, Note(user.pk, f"test:{uuid.uuid4()}", page), Kind.TEST)


def last(user: User) -> list[Delivery]:
    """What became of the newest test: one row for each place that it went to."""
    newest = Message.objects.filter(user=user, kind=Kind.TEST).order_by("-created_at").first()
    if newest is None:
        return []
    return list(Delivery.objects.filter(message=newest).select_related("browser", "message").order_by("channel", "pk"))
