"""How a person wants to be watched over, what was noticed, and what helps them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from journal.downswings.chart import CALM, SENSITIVE, USUAL


class Sensitivity(models.TextChoices):
    CALM = "calm", _("Calm")
    USUAL = "usual", _("Usual")
    SENSITIVE = "sensitive", _("Sensitive")

    @property
    def width(self) -> float:
        """The chart's L."""
        return {Sensitivity.CALM: CALM, Sensitivity.USUAL: USUAL, Sensitivity.SENSITIVE: SENSITIVE}[self]


class Watch(models.Model):
    """One person's wish to be told. Without a row, and until ``on``, nothing is computed about them."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watch")
    on = models.BooleanField(default=False)
    sensitivity = models.CharField(max_length=10, choices=Sensitivity.choices, default=Sensitivity.USUAL)
    since = models.DateField(null=True)  # the baseline was started anew: earlier days no longer count
    swept = models.DateField(null=True)  # the newest finished day that the nightly sweep has looked at
    told = models.DateField(null=True)  # the day of the newest message
    # The day on which it was last turned on or set: no message is sent about days before it.
    chosen = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["swept"], condition=models.Q(on=True), name="watches_due")]


class Downswing(models.Model):
    """A stretch of days lower than the person's usual: recomputed from the days, but for what was told and answered."""

    class Message(models.TextChoices):
        """Decided once, when the stretch is first seen."""

        TOLD = "told", _("Told")
        SPARED = "spared", _("Not told: a neighbour was, or it was no news any more")

    class Answer(models.TextChoices):
        RIGHT = "right", _("Right")
        WRONG = "wrong", _("Wrong")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="downswings")
    start = models.DateField()  # the day of its flag
    began = models.DateField(null=True)  # its first low day, seen from the flag; null on rows older than this column
    end = models.DateField(null=True)  # its last low day; null while it goes on
    last = models.DateField(null=True)  # its newest low day so far; null on rows that are older than this column
    depth = models.FloatField()  # z at its lowest, in SDs of the person's usual days
    evidence = models.JSONField(default=dict)  # stretches.Evidence of the first day

    message = models.CharField(max_length=10, choices=Message.choices, default=Message.SPARED)
    snoozed_until = models.DateField(null=True)
    dismissed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    # False once changed days no longer show it. It is kept for what was told and answered: nothing is told twice.
    stands = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "start"], name="one_downswing_a_day")]

    @property
    def first(self) -> date:
        """Its first low day, as far as it is known."""
        return self.began or self.start

    @property
    def has_traces(self) -> bool:
        """Whether it was told, or the person did something about it."""
        told = self.message == self.Message.TOLD
        return bool(told or self.answer or self.dismissed_at or self.snoozed_until)


class Helping(models.Model):
    """One line of the person's own list of what helps them, sealed with their key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="helpings")
    sealed_text = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
