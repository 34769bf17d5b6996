"""What the reminders page draws."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.accounts import mail
from journal.accounts.forms import AddressForm
from journal.accounts.models import User
from journal.moods import reminders
from journal.moods.models import Reminder
from journal.telling import browsers, choices, trial, vapid
from journal.telling.models import Browser, Channel, Delivery, Kind, QuietHours
from journal.web.reminder_forms import QuietForm, TimeForm, in_words


@dataclass(frozen=True)
class Time:
    """A reminder; ``moved_to`` is set where quiet hours put it off, ``lost`` where its day is over by then."""

    pk: int
    at: time
    days: str
    moved_to: time | None
    lost: bool


@dataclass(frozen=True)
class Switch:
    value: str
    label: str
    checked: bool


@dataclass(frozen=True)
class Row:
    """A kind of message and the channels that it may take."""

    title: str
    switches: list[Switch]


@dataclass(frozen=True)
class OpenBrowser:
    """``print`` lets the page find out which one it runs in, without telling it another one's address."""

    pk: UUID
    name: str
    added_at: datetime
    reached_at: datetime | None
    print: str


@dataclass(frozen=True)
class Result:
    """What became of one test message."""

    place: str
    sentence: str
    state: str
    at: datetime | None
    waiting: bool


def context(user: User) -> dict[str, Any]:
    """Everything that ``web/reminders.html`` shows."""
    quiet, chosen = choices.quiet_hours(user), choices.chosen(user)
    addresses = list(EmailAddress.objects.filter(user=user).order_by("-verified", "-primary", "pk"))
    return {
        "times": [_time(row, quiet, user.profile.day_start) for row in reminders.of(user)],
        "zone": user.profile.zone.replace("_", " "),
        "rows": [_row(kind, chosen) for kind in choices.KINDS],
        "nothing_chosen": not chosen,
        "by_email": any(channel == Channel.EMAIL for _kind, channel in chosen),
        "by_push": any(channel == Channel.PUSH for _kind, channel in chosen),
        "mail": mail.is_set_up(),
        "address": addresses[0] if addresses else None,
        "browsers": [_browser(row) for row in browsers.own(user)],
        "push_key": vapid.public_key(),
        "quiet": quiet,
        "results": results(user),
        "time_form": TimeForm(),
        "quiet_form": QuietForm(initial={"start": quiet.start, "end": quiet.end} if quiet else None),
        "address_form": AddressForm(user=user),
    }


def _time(row: Reminder, quiet: QuietHours | None, day_start: time) -> Time:
    moved = quiet.end if quiet and quiet.hours.cover(row.at) else None
    lost = moved is not None and reminders.is_outlived(row.at, moved, day_start)
    return Time(row.pk, row.at, in_words(row.weekdays), moved, lost)


def _row(kind: Kind, chosen: set[choices.Choice]) -> Row:
    open_ways = [channel for channel in Channel if channel != Channel.EMAIL or mail.is_set_up()]
    return Row(
        str(kind.label),
        [Switch(f"{kind}:{way}", str(way.label), (kind, way) in chosen) for way in open_ways],
    )


def _browser(row: Browser) -> OpenBrowser:
    digest = hashlib.sha256(row.endpoint.encode()).hexdigest()
    return OpenBrowser(row.pk, row.name, row.added_at, row.reached_at, digest)


# How a test ended -> what to say of it. What isn't listed is said in general words.
_SENTENCES = {
    "browser_unsubscribed": gettext_lazy("This browser no longer takes messages, so it was removed from the list."),
    "no_browser": gettext_lazy("This browser was removed before the message could go."),
    "no_address": gettext_lazy("There is no confirmed address any more."),
    "address_not_allowed": gettext_lazy("The push service that this browser named may not be used."),
    "service_not_reached": gettext_lazy("The browser maker's service can't be reached just now."),
    "mail_server_not_reached": gettext_lazy("The mail server can't be reached just now."),
    "too_late": gettext_lazy("It waited too long and was not sent. The person who runs this site can see why."),
}
_GENERAL = {
    Delivery.State.QUEUED: gettext_lazy("On its way."),
    Delivery.State.SENDING: gettext_lazy("On its way."),
    Delivery.State.SENT: gettext_lazy("Sent."),
    Delivery.State.DROPPED: gettext_lazy("Not sent."),
    Delivery.State.FAILED: gettext_lazy("It could not be sent. The person who runs this site can see why."),
}


def results(user: User) -> list[Result]:
    """What became of the newest test, while it is news."""
    rows = trial.last(user)
    return [_result(row) for row in rows if row.message.created_at > timezone.now() - trial.WITHIN]


def _result(row: Delivery) -> Result:
    state = Delivery.State(row.state)
    waiting = state in (Delivery.State.QUEUED, Delivery.State.SENDING)
    sentence = str(_GENERAL[state] if state == Delivery.State.SENT else _SENTENCES.get(row.outcome, _GENERAL[state]))
    if waiting and row.outcome:
        sentence = _("%(sentence)s Another attempt follows.") % {"sentence": sentence}
    place = row.browser.name if row.browser else str(Channel(row.channel).label)
    return Result(place, sentence, "waiting" if waiting else state.value, row.finished_at, waiting)
