"""Consent: what a person agreed to, in the words that they were shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.db.models import QuerySet
from django.dispatch import Signal

from journal.accounts.models import Consent, Purpose, User

# Change a version whenever the meaning of that purpose's words on the consent page changes: everybody is asked anew.
TEXT_VERSIONS: Final[Mapping[Purpose, str]] = {
    Purpose.CAMERA: "2026-11",
    Purpose.KEEP_PICTURES: "2026-11",
    Purpose.TRIAL: "2026-11-b",
    Purpose.COUNTED: "2026-11",
}

# Sent with user, purpose and granted, inside the transaction that stores the decision: what a receiver changes in
# the database stands or falls with it, and files wait for on_commit.
consent_changed = Signal()


@transaction.atomic
def decide(user: User, purpose: Purpose, granted: bool) -> Consent:
    """Store a decision and tell those who act on it; the same decision about the same words is stored once."""
    hold_still(user)
    text_version = TEXT_VERSIONS[purpose]
    newest = _newest_of(user, purpose)
    if newest and (newest.granted, newest.text_version) == (granted, text_version):
        return newest
    decision = Consent.objects.create(user=user, purpose=purpose, granted=granted, text_version=text_version)
    consent_changed.send(Consent, user=user, purpose=purpose, granted=granted)
    return decision


def decide_all(user: User, decisions: Mapping[Purpose, bool]) -> None:
    """Store one decision for each purpose, all or none."""
    with transaction.atomic():
        for purpose, granted in decisions.items():
            decide(user, purpose, granted)


def hold_still(*people: User) -> None:
    """Let none of these people's decisions change until the present transaction ends.

    Whoever acts on a consent asks for it under this lock: a withdrawal then comes either before, and is seen, or
    after, and finds what was stored. SQLite needs no more than its one writer.
    """
    if connection.features.has_select_for_update:
        # In one order everywhere, so that nobody waits in a circle.
        locked = User.objects.select_for_update(no_key=True).filter(pk__in=[person.pk for person in people])
        list(locked.order_by("pk").values_list("pk"))


@dataclass(frozen=True)
class Decisions:
    """A person's newest decision about each purpose, for those who ask more than once."""

    newest: Mapping[Purpose, Consent]

    def holds(self, purpose: Purpose) -> bool:
        """Whether the newest decision is a yes to the words of today."""
        decision = self.newest.get(purpose)
        return decision is not None and _is_current(decision) and decision.granted

    def withdrawn(self, purpose: Purpose) -> bool:
        """Whether the newest decision is a no. What was taken under older words may still be finished."""
        decision = self.newest.get(purpose)
        return decision is None or not decision.granted


def decisions(user: User) -> Decisions:
    """All that the person decided, in one query."""
    return decisions_of([user])[user]


def decisions_of(people: Iterable[User]) -> dict[User, Decisions]:
    """All that each of them decided, in one query."""
    newest: dict[int, dict[Purpose, Consent]] = {person.pk: {} for person in people}
    for row in Consent.objects.filter(user__in=newest).order_by("id"):
        newest[row.user_id][Purpose(row.purpose)] = row
    return {person: Decisions(newest[person.pk]) for person in people}


def holds(user: User, purpose: Purpose) -> bool:
    """Whether the person's newest decision is a yes to the words of today."""
    newest = _newest_of(user, purpose)
    return Decisions({purpose: newest} if newest else {}).holds(purpose)


def withdrawn(user: User, purpose: Purpose) -> bool:
    """Whether the person's newest decision is a no."""
    newest = _newest_of(user, purpose)
    return Decisions({purpose: newest} if newest else {}).withdrawn(purpose)


def standing(user: User) -> dict[Purpose, bool]:
    """Every purpose and whether consent to it holds, in one query."""
    asked = decisions(user)
    return {purpose: asked.holds(purpose) for purpose in Purpose}


def who_agreed(purpose: Purpose) -> set[int]:
    """The ids of everybody whose consent holds, in one query."""
    newest: dict[int, Consent] = {row.user_id: row for row in Consent.objects.filter(purpose=purpose).order_by("id")}
    return {user for user, row in newest.items() if row.granted and _is_current(row)}


def needs_asking(user: User) -> bool:
    """Whether there is a purpose that the person hasn't decided on in the words of today."""
    newest = decisions(user).newest
    return any(purpose not in newest or not _is_current(newest[purpose]) for purpose in Purpose)


def history(user: User) -> QuerySet[Consent]:
    """All of a person's decisions, newest first."""
    return Consent.objects.filter(user=user).order_by("-id")


def _newest_of(user: User, purpose: Purpose) -> Consent | None:
    return Consent.objects.filter(user=user, purpose=purpose).order_by("-id").first()


def _is_current(decision: Consent) -> bool:
    return decision.text_version == TEXT_VERSIONS[Purpose(decision.purpose)]
