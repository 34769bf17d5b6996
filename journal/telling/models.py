"""What a person chose, the browsers that they opened to us, and what waits to be told."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.telling.hours import Hours


class Kind(models.TextChoices):
    """What a message is about. Only the site knows; what is sent says nothing of it."""

    REMINDER = "reminder", _("Reminders")
    DOWNSWING = "downswing", _("When my mood has been lower than usual")
    TEST = "test", _("A test")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PUSH = "push", _("Browser notifications")


class OptIn(models.Model):
    """A person wants this kind of message by this channel. No row, no message."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="opt_ins")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="one_opt_in_a_channel")
        ]


class QuietHours(models.Model):
    """When a person wants no message, by the clock of their own zone; it may reach across midnight."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet_hours")
    start = models.TimeField()
    end = models.TimeField()

    @property
    def hours(self) -> Hours:
        return Hours(self.start, self.end)


class Browser(models.Model):
    """A browser's push subscription: where its maker's service takes messages, and the keys that seal them for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="browsers")
    # One browser, one row: whoever signs in there last is the one it belongs to.
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    added_at = models.DateTimeField(default=timezone.now)
    reached_at = models.DateTimeField(null=True)  # when its service last took a message


class Message(models.Model):
    """Something to tell one person. ``key`` is the caller's own name for it, and makes it happen once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=100)
    page = models.CharField(max_length=200)  # the path that the message leads to
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()  # after this it is dropped rather than sent late

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="one_message_a_key")]


class Delivery(models.Model):
    """One message by one channel. The row is the truth; the broker is only the doorbell.

    A row that a worker has claimed is never claimed again unless that worker itself put it back, having heard that
    nothing was taken. So a message is sent at most once, and one whose worker died in the middle is given up.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("On its way")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("No longer wanted")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    browser = models.ForeignKey(Browser, on_delete=models.SET_NULL, null=True, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    outcome = models.CharField(max_length=40, blank=True)  # one word for the operator and the page
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    rung_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "browser"], name="one_delivery_a_browser"),
            models.UniqueConstraint(
                fields=["message"], condition=models.Q(channel="email"), name="one_delivery_by_email"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["state", "not_before"],
                name="unfinished_deliveries",
                condition=models.Q(state__in=["queued", "sending"]),
            ),
        ]
