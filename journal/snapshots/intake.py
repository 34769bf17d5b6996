"""A picture comes in: checked, cleaned, sealed, and queued."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inference.image import BadImage, sanitise
from journal.accounts import zones
from journal.accounts.consent import hold_still, holds
from journal.accounts.models import Purpose, User
from journal.accounts.refusal import Refused
from journal.snapshots import doorbell, pictures
from journal.snapshots.days import local_date
from journal.snapshots.models import Snapshot

# A clock may run a little ahead; a laptop may come back from a month without network.
AHEAD = timedelta(minutes=5)
BEHIND = timedelta(days=31)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Arrival:
    """What a browser sends with a picture."""

    client_id: uuid.UUID
    taken_at: datetime
    zone: str
    source: str
    picture: bytes


def take_in(user: User, arrival: Arrival) -> tuple[Snapshot, bool]:
    """Queue a snapshot for reading; return it and whether it is new. Idempotent by client id.

    Raises ``Refused``.
    """
    _require_consent(user)
    if known := Snapshot.objects.filter(user=user, client_id=arrival.client_id).first():
        return known, False
    _check(arrival)
    jpeg = _clean(arrival.picture)
    try:
        return _queue(user, arrival, jpeg), True
    except IntegrityError:
        # The same snapshot arrived twice at the same moment, and the other one won.
        return Snapshot.objects.get(user=user, client_id=arrival.client_id), False


def _require_consent(user: User) -> None:
    if not holds(user, Purpose.CAMERA):
        raise Refused("no_consent", _("You haven't agreed to camera reading, so nothing was kept."))


def _check(arrival: Arrival) -> None:
    now = timezone.now()
    if arrival.taken_at > now + AHEAD:
        raise Refused("future", _("The snapshot says it was taken in the future. Is this device's clock right?"))
    if arrival.taken_at < now - BEHIND:
        raise Refused("too_old", _("The snapshot says it is more than a month old. Is this device's clock right?"))
    if arrival.zone not in zones.known():
        raise Refused("unknown_zone", _("This device's time zone isn't one that Moodtide knows."))
    if arrival.source not in Snapshot.Source.values:
        raise Refused("unknown_source", _("This page is out of date. Please load it again."))


def _clean(picture: bytes) -> bytes:
    try:
        return sanitise(picture)
    except BadImage as error:
        # The kind of the cause tells a damaged picture from a fault of ours, and says nothing of the picture.
        log.info("picture_refused", code=error.code, cause=type(error.__cause__).__name__)
        raise Refused(error.code, sentence(error.code)) from error


def _queue(user: User, arrival: Arrival, jpeg: bytes) -> Snapshot:
    snapshot = Snapshot(
        user=user,
        client_id=arrival.client_id,
        source=arrival.source,
        taken_at=arrival.taken_at,
        zone=arrival.zone,
        local_date=local_date(arrival.taken_at, arrival.zone, user.profile.day_start),
    )
    # The file comes first: a row never points at a picture that isn't there. A file without a row is swept.
    snapshot.picture = pictures.keep(user, str(snapshot.pk), jpeg)
    try:
        with transaction.atomic():
            # Asked again: the consent may have been withdrawn while the picture was on its way.
            hold_still(user)
            _require_consent(user)
            snapshot.save(force_insert=True)
            doorbell.ring_on_commit(snapshot)
    except (IntegrityError, Refused):
        pictures.forget(snapshot.picture)
        raise
    return snapshot


def sentence(code: str) -> str:
    """What to tell a person about a picture that can't be used."""
    return {
        "empty": _("The picture arrived empty. Please try once more."),
        "too_large": _("That file is larger than 15 MB. A smaller one will do: faces don't need that many pixels."),
        "not_an_image": _("That isn't a picture that Moodtide can open. JPEG, PNG, WebP and HEIC work."),
        "too_many_pixels": _("That picture has more pixels than can be opened safely. A smaller copy will work."),
        "too_few_pixels": _("That picture is too small to see a face in."),
        "animated": _("Moving pictures can't be read. A still one will work."),
        "damaged": _("The picture is damaged or didn't arrive whole. Please try once more."),
    }[code]
