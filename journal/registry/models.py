"""Which model reads faces, on what evidence, and who decided it when and why."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.append_only import AppendOnly, AppendOnlyQuerySet


class ModelVersion(models.Model):
    """One model bundle that this site knows: its manifest stands here, its weights in storage."""

    class Status(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        CANDIDATE = "candidate", _("Candidate")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        RETIRED = "retired", _("Retired")

    name = models.CharField(max_length=80, unique=True)
    # Of the whole manifest, which holds the weights' own: other thresholds make another version.
    digest = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64)  # of the weights file
    size = models.PositiveBigIntegerField(default=0)  # of the weights file, in bytes
    manifest = models.JSONField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CHECKING)
    source = models.CharField(max_length=200)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    # The smoke reading that ends CHECKING.
    attempts = models.PositiveSmallIntegerField(default=0)
    rung_at = models.DateTimeField(null=True)
    smoke = models.JSONField(null=True)  # what a worker read on the drawn face, and how fast

    class Meta:
        # Names for people are in journal/oversight/roles.py, with who may do what.
        default_permissions: ClassVar = ("add", "view", "delete")
        permissions: ClassVar = [
            ("review_modelversion", "May approve or reject a version"),
            ("switch_modelversion", "May put a version in charge, start trials and retire"),
        ]


class ModelAlias(models.Model):
    """A role, and the version that plays it today: "champion" reads everyone, "challenger" reads along."""

    name = models.CharField(max_length=20, unique=True)
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="aliases")
    share = models.FloatField(default=1.0)  # of the snapshots that it reads
    changed_at = models.DateTimeField(default=timezone.now)


class Decision(AppendOnly):
    """One thing that was decided about a version. It outlives the version and the person."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("Registered")
        CHECKED = "checked", _("Passed its check")
        FAILED_CHECK = "failed_check", _("Failed its check")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        RETIRED = "retired", _("Retired")
        IN_CHARGE = "in_charge", _("Put in charge")
        WENT_BACK = "went_back", _("Put back in charge")
        TRIAL_STARTED = "trial_started", _("Trial started")
        TRIAL_ENDED = "trial_ended", _("Trial ended")
        EVIDENCE = "evidence", _("Evaluation imported")
        DELETED = "deleted", _("Deleted")

    version = models.ForeignKey(ModelVersion, on_delete=models.SET_NULL, null=True, related_name="decisions")
    name = models.CharField(max_length=80)  # of the version, for the time after it
    kind = models.CharField(max_length=20, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(blank=True)
    instead_of = models.ForeignKey(ModelVersion, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = AppendOnlyQuerySet["Decision"].as_manager()

    class Meta:
        default_permissions: ClassVar = ("view",)
        indexes: ClassVar = [models.Index(fields=["kind", "at"])]


class Evaluation(AppendOnly):
    """What one version was measured to be worth on one split of one data set."""

    class Source(models.TextChoices):
        MANIFEST = "manifest", _("its manifest")
        EVALUATE = "evaluate", _("an evaluation")
        CARD = "card", _("a model card")

    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="evaluations")
    data = models.CharField(max_length=80)  # "FER+"
    split = models.CharField(max_length=40)
    source = models.CharField(max_length=10, choices=Source.choices)
    digest = models.CharField(max_length=64)  # of the numbers, so that the same file is imported once
    numbers = models.JSONField()  # as they came: confusion matrix, protocol, and all the rest
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = AppendOnlyQuerySet["Evaluation"].as_manager()

    class Meta:
        default_permissions: ClassVar = ("add", "view")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "digest"], name="one_import_an_evaluation"),
        ]


class Figure(AppendOnly):
    """One number of an evaluation, with its 95 % interval where there is one."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="figures")
    emotion = models.CharField(max_length=20, blank=True)
    group = models.CharField(
        max_length=80, blank=True
    )  # of people ("gender: Female") or of pictures ("JPEG, quality 10")
    name = models.CharField(max_length=40)
    value = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)

    objects: ClassVar = AppendOnlyQuerySet["Figure"].as_manager()

    class Meta:
        default_permissions: ClassVar = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "emotion", "group", "name"], name="one_figure_a_place"),
        ]
