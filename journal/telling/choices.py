"""What a person chose: which kinds by which channels, and their quiet hours."""

from __future__ import annotations

from datetime import time
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from journal.accounts.consent import hold_still
from journal.accounts.models import User
from journal.accounts.refusal import Refused
from journal.telling.models import Channel, Kind, OptIn, QuietHours
from journal.telling.waiting import wait_anew

# A test is asked for each time; the others are switched on once.
KINDS: Final = (Kind.REMINDER, Kind.DOWNSWING)
Choice = tuple[Kind, Channel]


def chosen(user: User) -> set[Choice]:
    """What is switched on."""
    rows = OptIn.objects.filter(user=user, kind__in=KINDS).values_list("kind", "channel")
    return {(Kind(kind), Channel(channel)) for kind, channel in rows}


@transaction.atomic
def choose(user: User, wanted: set[Choice]) -> None:
    """Switch exactly these on. A choice that stands keeps the day on which it was made."""
    hold_still(user)
    standing = chosen(user)
    for kind, channel in standing - wanted:
        OptIn.objects.filter(user=user, kind=kind, channel=channel).delete()
    OptIn.objects.bulk_create([OptIn(user=user, kind=kind, channel=channel) for kind, channel in wanted - standing])


def quiet_hours(user: User) -> QuietHours | None:
    return QuietHours.objects.filter(user=user).first()


def keep_quiet(user: User, start: time, end: time) -> None:
    """Set the quiet hours, also for what waits already. Raises ``Refused`` where they would be none."""
    if start == end:
        raise Refused(
            "no_hours", _("Quiet hours that begin and end at the same time are none. Switch them off instead.")
        )
    with transaction.atomic():
        QuietHours.objects.update_or_create(user=user, defaults={"start": start, "end": end})
        wait_anew(user.pk)


@transaction.atomic
def never_quiet(user: User) -> None:
    """Have no quiet hours; what waits for their end may go."""
    QuietHours.objects.filter(user=user).delete()
    wait_anew(user.pk)
