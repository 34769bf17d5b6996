"""The one door through which a downswing reaches its person outside these pages."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from journal.accounts.models import User
from journal.downswings.models import Downswing
from journal.downswings.standing import unhushed
from journal.telling.models import Kind, Message
from journal.telling.signals import still_wanted
from journal.telling.tell import tell


def tell_of(user: User, row: Downswing) -> None:
    """Tell the person, by the channels that they chose, that there is something to look at; once for each row."""
    tell(user, kind=Kind.DOWNSWING, key=_key(row), page=reverse("web:downswing"))


@receiver(still_wanted, sender=Message)
def is_still_to_say(sender: type[Message], message: Message, **kwargs: Any) -> bool:
    """Whether a message that waited for the morning is about a low stretch that goes on, and that nobody hushed."""
    if message.kind != Kind.DOWNSWING:
        return True
    return message.key in map(_key, unhushed(message.user))


def forget(user: User) -> None:
    """Delete what waits for the person, and what they were told."""
    Message.objects.filter(user=user, kind=Kind.DOWNSWING).delete()


def _key(row: Downswing) -> str:
    return f"downswing:{row.pk}"
