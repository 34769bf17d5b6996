"""Which model reads faces, and where its bundle lies."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ModelVersion(models.Model):
    """One model bundle that this site knows."""

    class Status(models.TextChoices):
        CANDIDATE = "candidate", _("Candidate")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        RETIRED = "retired", _("Retired")

    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    manifest = models.JSONField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CANDIDATE)
    source = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)


class ModelAlias(models.Model):
    """A role, and the version that plays it today: "champion" reads everyone."""

    name = models.CharField(max_length=20, unique=True)
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="aliases")
    changed_at = models.DateTimeField(auto_now=True)
