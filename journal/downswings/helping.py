"""The person's own list of what helps them, in their words and order, sealed with their key."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from journal.accounts.consent import hold_still
from journal.accounts.models import User
from journal.accounts.refusal import Refused
from journal.accounts.seal import Opener, Place, seal_text
from journal.downswings.models import Helping

LONGEST: Final = 200
MOST: Final = 20


@dataclass(frozen=True)
class Line:
    id: uuid.UUID
    text: str


def lines(user: User) -> list[Line]:
    """The list, the oldest line first."""
    opener = Opener(user)
    rows = Helping.objects.filter(user=user).order_by("created_at", "pk")
    return [Line(row.pk, opener.text(row.sealed_text, _place(row))) for row in rows]


@transaction.atomic
def add(user: User, text: str) -> None:
    """Put a line at the end; one that is there already is left alone. Raises ``Refused``."""
    text = _checked(text)
    hold_still(user)
    known = lines(user)
    if any(line.text.casefold() == text.casefold() for line in known):
        return
    if len(known) >= MOST:
        raise Refused("long_list", _("There are %(most)s lines already. Take one out first.") % {"most": MOST})
    row = Helping(user=user)
    row.sealed_text = seal_text(user, text, _place(row))
    row.save(force_insert=True)


def change(user: User, pk: uuid.UUID, text: str) -> None:
    """Say a line in other words. Raises ``Refused``."""
    text = _checked(text)
    row = _own(user, pk)
    row.sealed_text = seal_text(user, text, _place(row))
    row.save(update_fields=["sealed_text"])


def remove(user: User, pk: uuid.UUID) -> None:
    """Take a line out for good. Raises ``Refused``."""
    _own(user, pk).delete()


def _own(user: User, pk: uuid.UUID) -> Helping:
    row = Helping.objects.filter(user=user, pk=pk).first()
    if row is None:
        raise Refused("gone", _("This line is gone already."))
    return row


def _checked(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise Refused("empty", _("There is nothing to keep yet."))
    if len(text) > LONGEST:
        raise Refused("long_line", _("A line can have %(most)s letters.") % {"most": LONGEST})
    return text


def _place(row: Helping) -> Place:
    return Place(table="downswings.helping", row=str(row.pk), field="text")
