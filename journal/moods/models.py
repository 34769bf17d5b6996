"""What the person said about a moment, and what a day was like."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from journal.readings.models import Reading
from journal.registry.models import ModelVersion


class Tag(models.Model):
    """Something that a day may hold. Its name is sealed with the person's key; links to it are plain rows."""

    class Group(models.TextChoices):
        PEOPLE = "people", _("People")
        DOING = "doing", _("Doing")
        BODY = "body", _("Body")
        PLACE = "place", _("Places")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tags")
    sealed_name = models.BinaryField()
    icon = models.CharField(max_length=20)
    group = models.CharField(max_length=10, choices=Group.choices, default=Group.OTHER)
    put_away = models.BooleanField(default=False)  # no longer offered; past check-ins keep it
    created_at = models.DateTimeField(auto_now_add=True)


class CheckIn(models.Model):
    """The person's own words; they outrank what the camera saw."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="check_ins")
    at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    local_date = models.DateField()

    valence = models.FloatField(null=True)  # from -1, very unpleasant, to 1, very pleasant
    energy = models.FloatField(null=True)  # from -1, no energy, to 1, full of energy
    emotions = models.JSONField(default=list)  # of the eight
    words = models.JSONField(default=list)  # of the finer vocabulary
    tags = models.ManyToManyField(Tag, related_name="check_ins", blank=True)
    sealed_note = models.BinaryField(null=True)  # Markdown

    # The reading that this check-in answers, and whether it felt right to the person.
    reading = models.OneToOneField(Reading, on_delete=models.CASCADE, null=True, blank=True, related_name="check_in")
    felt_right = models.BooleanField(null=True)

    # Counts up with each change, so that of two pages that edit the same entry the second is told.
    revision = models.PositiveIntegerField(default=0)
    # Set while the person may still undo a deletion; nothing counts it meanwhile.
    deleted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "local_date"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(valence__range=(-1, 1)), name="valence_on_its_scale"),
            models.CheckConstraint(condition=models.Q(energy__range=(-1, 1)), name="energy_on_its_scale"),
        ]


class DailyMood(models.Model):
    """What a day was like: computed from its check-ins and readings, and only ever recomputed from them."""

    class Source(models.TextChoices):
        SAID = "said", _("Said")
        CAMERA = "camera", _("Camera")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="days")
    local_date = models.DateField()
    valence = models.FloatField(null=True)
    source = models.CharField(max_length=10, choices=Source.choices, blank=True)  # of the valence
    said = models.FloatField(null=True)  # mean valence of the check-ins that carry one
    camera = models.FloatField(null=True)  # mean valence of the readings, as the person corrected them
    energy = models.FloatField(null=True)
    check_ins = models.PositiveSmallIntegerField(default=0)
    readings = models.PositiveSmallIntegerField(default=0)
    # The day's mean mixture; null on a day without readings.
    neutral = models.FloatField(null=True)
    happiness = models.FloatField(null=True)
    surprise = models.FloatField(null=True)
    sadness = models.FloatField(null=True)
    anger = models.FloatField(null=True)
    disgust = models.FloatField(null=True)
    fear = models.FloatField(null=True)
    contempt = models.FloatField(null=True)
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, null=True, related_name="+")  # read last
    weights = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "local_date"], name="one_mood_a_day")]


class Reminder(models.Model):
    """A time at which a person wants to be reminded to write, on some days of the week, if the day is still empty."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders")
    at = models.TimeField()  # by the clock of the person's own zone
    days = models.PositiveSmallIntegerField()  # a bit for each weekday, Monday's is the lowest
    # The next moment, so that the due ones are found without computing everybody's clock.
    next_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "at"], name="one_reminder_a_time"),
            models.CheckConstraint(condition=models.Q(days__range=(1, 127)), name="some_days_of_the_week"),
        ]

    @property
    def weekdays(self) -> frozenset[int]:
        """The days, Monday is 0."""
        return frozenset(day for day in range(7) if self.days >> day & 1)
