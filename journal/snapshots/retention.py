"""Forgetting: pictures after they were read, snapshots that were not meant, strays that nobody owns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from journal.accounts.consent import consent_changed, hold_still
from journal.accounts.models import Purpose, User
from journal.snapshots import pictures
from journal.snapshots.models import Snapshot

UNFINISHED = (Snapshot.Status.QUEUED, Snapshot.Status.PROCESSING)
STRAY_AFTER = timedelta(hours=1)
log = structlog.get_logger(__name__)


def forget_picture(snapshot: Snapshot) -> None:
    """Forget a snapshot's picture: the row first, then the file, which the sweep finds if we die between."""
    Snapshot.objects.filter(pk=snapshot.pk).update(picture="")
    forget_file(snapshot)


def forget_file(snapshot: Snapshot) -> None:
    """The file of a picture that the row has forgotten in this transaction."""
    pictures.forget_once_stored(snapshot.picture)


@transaction.atomic
def discard(snapshot: Snapshot) -> None:
    """Delete a snapshot with all that came of it."""
    # The lock waits for a worker that is storing a reading just now, so that the reading is seen and deleted too.
    # The person comes first and the row second, everywhere, so that nobody waits in a circle.
    hold_still(snapshot.user)
    for row in Snapshot.objects.select_for_update().filter(pk=snapshot.pk):
        # By its id: the picture may be lent to a trial, and then the row no longer names it.
        pictures.forget_once_stored(pictures.name_of(str(row.pk)))
        row.delete()


def forget_strays() -> int:
    """Delete picture files that no row points at; return how many.

    Nothing is deleted where the files belong to another database than the one at hand.
    """
    owner = User.objects.filter(is_owner=True).first()
    if owner is None:
        return 0
    if not pictures.mark(f"{owner.pk} {owner.date_joined.isoformat()}"):
        log.error("pictures_of_another_database", folder=str(settings.PICTURES))
        return 0
    old = list(pictures.files_older_than(timezone.now() - STRAY_AFTER))
    known = set(Snapshot.objects.exclude(picture="").values_list("picture", flat=True))
    strays = [name for name in old if name not in known]
    for name in strays:
        pictures.forget(name)
    if strays:
        log.info("strays_forgotten", count=len(strays))
    return len(strays)


@receiver(consent_changed)
def obey(sender: Any, user: User, purpose: str, granted: bool, **kwargs: Any) -> None:
    """A withdrawn consent acts at once: nothing more is read, and kept pictures go."""
    if granted:
        return
    if purpose == Purpose.CAMERA:
        for snapshot in Snapshot.objects.filter(user=user, status__in=UNFINISHED):
            discard(snapshot)
    if purpose == Purpose.KEEP_PICTURES:
        for snapshot in Snapshot.objects.filter(user=user).exclude(picture="").exclude(status__in=UNFINISHED):
            forget_picture(snapshot)
