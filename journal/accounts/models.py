"""Who: people, what they agreed to, who may join, and the key that seals what is theirs."""

from __future__ import annotations

import uuid
from datetime import time, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.append_only import AppendOnly, AppendOnlyQuerySet

INVITATION_LIFE = timedelta(days=7)


class People(UserManager["User"]):
    """Finds a person by name, whatever the case: a telephone's keyboard likes to begin with a capital."""

    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> User:
        # The words of the constraint below: databases differ in what they call the same letter.
        return self.annotate(lowered=Lower("username")).get(lowered=Lower(Value(username)))


class User(AbstractUser):
    """A person. The first one is the owner, who is also the administrator (``is_superuser``)."""

    is_owner = models.BooleanField(default=False, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)  # nobody real; removed by a button

    objects: ClassVar[People] = People()

    class Meta:
        constraints: ClassVar = [
            # Two first visits at once can't both make an owner, on any database.
            models.UniqueConstraint(fields=["is_owner"], condition=models.Q(is_owner=True), name="one_owner"),
            models.UniqueConstraint(
                Lower("username"),
                name="one_person_a_name",
                violation_error_message=_("Somebody here already has this name."),
            ),
        ]


class Profile(models.Model):
    """How one person wants the site to behave."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    zone = models.CharField(max_length=64, default="UTC")
    day_start = models.TimeField(default=time(4))
    capture_interval = models.PositiveSmallIntegerField(default=30)  # minutes between periodic snapshots
    show_run = models.BooleanField(default=False)  # whether Today says how many days in a row were kept


class DataKey(models.Model):
    """A person's own key, wrapped by the site key. Deleting the row makes all that it sealed unreadable."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="data_key")
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)


class Purpose(models.TextChoices):
    CAMERA = "camera", _("Reading snapshots from the camera")
    KEEP_PICTURES = "keep_pictures", _("Keeping the pictures")
    TRIAL = "trial", _("A second model reading along in trials")
    COUNTED = "counted", _("Being counted in a small group")


class Consent(AppendOnly):
    """One decision of one person about one purpose. The newest row for a purpose counts."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    granted = models.BooleanField()
    text_version = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = AppendOnlyQuerySet["Consent"].as_manager()

    class Meta:
        # By id, not by time: a clock that is set back must not bring a withdrawn consent to life.
        indexes: ClassVar = [models.Index(fields=["user", "purpose", "-id"])]


class Invitation(models.Model):
    """A link that lets one person join. Only the hash of its token is kept."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        USED = "used", _("Used")
        REVOKED = "revoked", _("Taken back")
        EXPIRED = "expired", _("Run out")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    @property
    def state(self) -> Invitation.State:
        if self.used_at:
            return self.State.USED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.OPEN if timezone.now() < self.expires_at else self.State.EXPIRED
