"""Invitations: the only way to join a site that has an owner."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from journal.accounts import zones
from journal.accounts.models import INVITATION_LIFE, Invitation, User
from journal.accounts.people import create_person


class InvitationDead(Exception):
    """The link was used, taken back, has run out, or never was."""


@dataclass(frozen=True)
class Issued:
    """A new invitation and its token, which is known now and never again."""

    invitation: Invitation
    token: str


def invite(by: User, label: str = "") -> Issued:
    """Make an invitation; only the hash of its token is kept."""
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        token_hash=_hash(token),
        label=label,
        created_by=by,
        expires_at=timezone.now() + INVITATION_LIFE,
    )
    return Issued(invitation, token)


def find(token: str) -> Invitation | None:
    """The invitation that a token belongs to, whatever its state."""
    return Invitation.objects.filter(token_hash=_hash(token)).first()


def revoke(pk: UUID) -> bool:
    """Take an open invitation back; return whether there was one to take."""
    return bool(_open().filter(pk=pk).update(revoked_at=timezone.now()))


def redeem(token: str, username: str, password: str, zone: str = zones.DEFAULT) -> User:
    """Use a token up and make the person.

    Raises ``InvitationDead``, or ``NameTaken``, after which the token can be tried again.
    """
    mine = Invitation.objects.filter(token_hash=_hash(token))
    with transaction.atomic():
        # The database lets exactly one of two at once change the row.
        if not _open().filter(pk__in=mine.values("pk")).update(used_at=timezone.now()):
            raise InvitationDead
        person = create_person(username, password, zone)
        mine.update(used_by=person)
    return person


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
