"""People: the owner, those who are invited, and the profile that everybody has."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from journal.accounts import zones
from journal.accounts.models import Profile, User


class OwnerExists(Exception):
    """Somebody lives here already, so nobody can become the owner by a first visit."""


class NameTaken(Exception):
    """Another person has this name, perhaps in other letters' case."""


def anybody_home() -> bool:
    """Whether there is at least one person; a demo is none."""
    return User.objects.filter(is_demo=False).exists()


def create_owner(username: str, password: str, zone: str = zones.DEFAULT) -> User:
    """Make the first person, who is the administrator too; raise ``OwnerExists`` if there is anybody."""
    try:
        with transaction.atomic():
            if anybody_home():
                raise OwnerExists
            # Another first visit may be here as well, unseen. The unique constraint lets one of us in.
            return create_person(username, password, zone, is_owner=True, is_staff=True, is_superuser=True)
    except NameTaken as error:
        raise OwnerExists from error


def create_person(username: str, password: str, zone: str = zones.DEFAULT, **flags: bool) -> User:
    """Make a person with a profile; raise ``NameTaken`` if the name is taken."""
    try:
        with transaction.atomic():
            person = User.objects.create_user(username, "", password, **flags)
            person.profile.zone = zones.known_or_default(zone)
            person.profile.save(update_fields=["zone"])
    except IntegrityError as error:
        raise NameTaken from error
    return person


@receiver(post_save, sender=User)
def give_profile(sender: type[User], instance: User, created: bool, raw: bool, **kwargs: Any) -> None:
    """Give everybody a profile, however they came to be; a fixture brings its own."""
    if created and not raw:
        Profile.objects.create(user=instance)
