"""What one model version saw in one snapshot."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from inference.emotions import EMOTIONS
from inference.types import Mixture
from journal.registry.models import ModelVersion
from journal.snapshots.models import Snapshot


class Reading(models.Model):
    """A mixture: one float column an emotion, so that SQL can average them, and the set that was present."""

    class Role(models.TextChoices):
        CHAMPION = "champion", _("Champion")
        SHADOW = "shadow", _("Shadow")

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="readings")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="readings")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.CHAMPION)
    created_at = models.DateTimeField(auto_now_add=True)

    neutral = models.FloatField()
    happiness = models.FloatField()
    surprise = models.FloatField()
    sadness = models.FloatField()
    anger = models.FloatField()
    disgust = models.FloatField()
    fear = models.FloatField()
    contempt = models.FloatField()
    present = models.JSONField(default=list)

    # The face that was read, as shares of the picture's width and height; no other face is stored.
    box_left = models.FloatField()
    box_top = models.FloatField()
    box_right = models.FloatField()
    box_bottom = models.FloatField()
    score = models.FloatField()
    milliseconds = models.FloatField(null=True)  # that reading the picture took

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["snapshot", "version"], name="one_reading_a_version"),
            models.UniqueConstraint(
                fields=["snapshot"], condition=models.Q(role="champion"), name="one_champion_reading"
            ),
        ]

    @property
    def mixture(self) -> Mixture:
        return Mixture(tuple(getattr(self, emotion) for emotion in EMOTIONS), tuple(self.present))


class Reader(models.Model):
    """A worker and what it reads with: written by the worker itself, so that others can see who is behind."""

    worker = models.CharField(max_length=120, unique=True)  # its Celery name
    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="readers")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    # Why it doesn't read with the champion; empty while it does.
    trouble = models.TextField(blank=True)


class TrialReading(models.Model):
    """A snapshot that the challenger shall read too; ``picture`` is the sealed file that was lent for it."""

    class Status(models.TextChoices):
        DUE = "due", _("Waiting")
        READING = "reading", _("Being read")
        DONE = "done", _("Read")
        FAILED = "failed", _("Failed")
        LAPSED = "lapsed", _("Not read in time")

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="trial_readings")
    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="trial_readings")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DUE)
    outcome = models.CharField(max_length=20, blank=True)
    picture = models.CharField(max_length=80, blank=True)  # empty where the person keeps it, and once it is forgotten
    asked_at = models.DateTimeField()
    rung_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["snapshot", "version"], name="one_trial_a_version"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ends_at"], name="lent_pictures", condition=~models.Q(picture="")),
            models.Index(fields=["ends_at"], name="open_trials", condition=models.Q(status__in=["due", "reading"])),
        ]
