"""One waiting delivery, from the bell to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from journal.telling import by_email, by_push, claim
from journal.telling.models import Channel, Delivery
from journal.telling.outcome import NotEver, NotNow

SEND: Final[Mapping[str, Callable[[Delivery], None]]] = {Channel.EMAIL: by_email.send, Channel.PUSH: by_push.send}


def deliver(pk: UUID | str) -> None:
    """Send a waiting message, if it is still wanted, the hour allows it and nobody else has taken it."""
    row = claim.waiting(pk)
    if row is None:
        return
    if why := claim.unwanted(row):
        claim.drop(row, why)
    elif until := claim.quiet_until(row):
        claim.put_off(row, until)
    elif claim.claim(row):
        _send(row)


def _send(row: Delivery) -> None:
    try:
        SEND[row.channel](row)
    except NotNow as trouble:
        claim.retry_or_give_up(row, trouble)
    except NotEver as trouble:
        claim.finish(row, Delivery.State.FAILED, trouble.word)
    else:
        claim.finish(row, Delivery.State.SENT)
