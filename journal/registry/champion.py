"""The model version that reads everyone, and how the shipped one becomes it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction

from inference.bundle import BundleError, load_bundle
from journal.registry.models import ModelAlias, ModelVersion

CHAMPION = "champion"


def champion() -> ModelVersion:
    """The version in charge. Raises ``BundleError`` while there is none."""
    alias = ModelAlias.objects.select_related("version").filter(name=CHAMPION).first()
    if alias is None:
        raise BundleError("No model version is in charge; `manage.py prepare` says why the shipped one is not.")
    return alias.version


def folder_of(version: ModelVersion) -> Path:
    """Where a version's bundle lies on this machine."""
    if version.source == "shipped":
        return Path(settings.SHIPPED_BUNDLE)
    return Path(settings.BUNDLES / version.sha256)


@transaction.atomic
def register_shipped() -> ModelVersion:
    """Register the bundle that comes with the program; it becomes champion where only shipped ones were.

    Raises ``BundleError``.
    """
    manifest = load_bundle(Path(settings.SHIPPED_BUNDLE)).manifest
    version, _created = ModelVersion.objects.get_or_create(
        sha256=manifest.sha256,
        defaults={
            "name": manifest.name,
            "manifest": manifest.raw,
            "status": ModelVersion.Status.APPROVED,
            "source": "shipped",
        },
    )
    alias, created = ModelAlias.objects.get_or_create(name=CHAMPION, defaults={"version": version})
    if not created and alias.version != version and alias.version.source == "shipped":
        # A new release brought a better model; the old bundle is no longer on disk.
        alias.version = version
        alias.save()
    return version
