"""A picture taken at a moment, from the shutter until it is read and forgotten."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from journal.registry.models import ModelVersion


class Snapshot(models.Model):
    """The row is the truth: what it says is what happened, whatever became of messages and workers."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        PROCESSING = "processing", _("Being read")
        DONE = "done", _("Read")
        NO_FACE = "no_face", _("No face that could be read")
        FAILED = "failed", _("Failed")

    class Source(models.TextChoices):
        CAMERA = "camera", _("Shutter")
        PERIODIC = "periodic", _("Periodic")
        UPLOAD = "upload", _("Upload")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="snapshots")
    client_id = models.UUIDField()
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.CAMERA)
    taken_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    local_date = models.DateField()
    received_at = models.DateTimeField(auto_now_add=True)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    # What came of it, in the words of inference.types.Status, or why it failed.
    outcome = models.CharField(max_length=20, blank=True)
    faces = models.PositiveSmallIntegerField(null=True)  # how many were noticed; only one is ever read
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=120, blank=True)  # the worker, by its Celery name
    rung_at = models.DateTimeField(null=True)
    # Who looked, also where there was no face to read.
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, null=True, related_name="snapshots")
    finished_at = models.DateTimeField(null=True)
    picture = models.CharField(max_length=80, blank=True)  # name of the sealed file; empty once forgotten

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "client_id"], name="one_snapshot_a_client_id")]
        indexes: ClassVar = [
            models.Index(fields=["user", "-taken_at"]),
            models.Index(fields=["user", "local_date"]),  # a day is computed anew for each reading that it gets
            models.Index(
                fields=["status", "received_at"],
                name="unfinished_snapshots",
                condition=models.Q(status__in=["queued", "processing"]),
            ),
        ]

    @property
    def waiting(self) -> bool:
        return self.status in (self.Status.QUEUED, self.Status.PROCESSING)
