"""Who is reached how: what people chose, and what of it is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress

from journal.accounts import mail
from journal.accounts.models import User
from journal.telling.hours import NIGHT, wait_for_all
from journal.telling.models import Browser, Channel, Kind, OptIn


@dataclass(frozen=True)
class Way:
    """One way to a person: their e-mail address, or one of their browsers."""

    channel: Channel
    browser: UUID | None = None


def ways(people: Iterable[int], kind: Kind) -> dict[int, list[Way]]:
    """The open ways to each of these people (by id) that they chose for this kind of message.

    Three queries however many people; nobody who is inactive or a demo, and nobody without a way, is in the answer.
    """
    opted = OptIn.objects.filter(user__in=list(people), kind=kind, user__is_active=True, user__is_demo=False)
    chosen = defaultdict[str, list[int]](list)
    for person, channel in opted.values_list("user", "channel"):
        chosen[channel].append(person)
    return merge(by_email(chosen[Channel.EMAIL]), by_push(chosen[Channel.PUSH]))


def by_email(people: list[int]) -> dict[int, list[Way]]:
    """Those with a confirmed address, where the site can send mail."""
    if not people or not mail.is_set_up():
        return {}
    confirmed = EmailAddress.objects.filter(user__in=people, verified=True)
    return {person: [Way(Channel.EMAIL)] for person in confirmed.values_list("user", flat=True)}


def by_push(people: list[int]) -> dict[int, list[Way]]:
    """Each browser that they opened to us."""
    found = defaultdict[int, list[Way]](list)
    if people:
        for pk, person in Browser.objects.filter(user__in=people).order_by("added_at").values_list("pk", "user"):
            found[person].append(Way(Channel.PUSH, pk))
    return dict(found)


def merge(*parts: dict[int, list[Way]]) -> dict[int, list[Way]]:
    whole = defaultdict[int, list[Way]](list)
    for part in parts:
        for person, found in part.items():
            whole[person].extend(found)
    return dict(whole)


def address_of(person: User) -> str | None:
    """The person's confirmed e-mail address, if there is one; of several the one that is used first."""
    confirmed = EmailAddress.objects.filter(user=person, verified=True).order_by("-primary", "pk")
    found: str | None = confirmed.values_list("email", flat=True).first()
    return found


def free_from(people: Iterable[int], kind: Kind, now: datetime) -> dict[int, datetime]:
    """From when on each of these people may be told this: ``now``, or the end of their quiet hours."""
    rows = User.objects.filter(pk__in=list(people)).select_related("profile", "quiet_hours")
    return {person.pk: free(person, kind, now) for person in rows}


def free(person: User, kind: Kind, now: datetime) -> datetime:
    """From when on one person may be told this."""
    if kind == Kind.TEST:  # asked for just now, by somebody who is awake
        return now
    own = getattr(person, "quiet_hours", None)
    hours = [own.hours] if own else []
    if kind == Kind.DOWNSWING:  # its hour is the sweep's, not the person's
        hours.append(NIGHT)
    return wait_for_all(hours, now, person.profile.zone)
