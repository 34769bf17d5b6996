"""What the person said about a moment."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from journal.readings.models import Reading


class CheckIn(models.Model):
    """The person's own words; they outrank what the camera saw."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="check_ins")
    at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    local_date = models.DateField()
    emotions = models.JSONField(default=list)
    # The reading that this check-in answers, and whether it felt right to the person.
    reading = models.OneToOneField(Reading, on_delete=models.CASCADE, null=True, blank=True, related_name="check_in")
    felt_right = models.BooleanField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "local_date"])]
