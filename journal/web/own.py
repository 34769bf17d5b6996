"""A person's own rows; anybody else's don't exist."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from journal.accounts.models import User
from journal.moods.models import CheckIn
from journal.snapshots.models import Snapshot


def own_snapshots(user: User) -> QuerySet[Snapshot]:
    """Newest first, with all that the pages draw from them, in a fixed number of queries."""
    rows = Snapshot.objects.filter(user=user).order_by("-taken_at", "-received_at")
    return rows.prefetch_related("readings__version", "readings__check_in")


def own_check_ins(user: User) -> QuerySet[CheckIn]:
    """Newest first, with their tags; answers to readings are shown with these instead."""
    rows = CheckIn.objects.filter(user=user, deleted_at=None, reading=None)
    return rows.order_by("-at", "-created_at").prefetch_related("tags")


def own_snapshot(user: User, pk: UUID) -> Snapshot:
    snapshot = own_snapshots(user).filter(pk=pk).first()
    if snapshot is None:
        raise Http404
    return snapshot
