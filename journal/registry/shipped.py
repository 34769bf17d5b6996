"""The bundle that comes with the program is version one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inference.bundle import WEIGHTS, load_bundle
from journal.registry import evidence
from journal.registry.champion import CHAMPION
from journal.registry.history import note
from journal.registry.models import Decision, ModelAlias, ModelVersion
from journal.registry.refusal import VersionRefused
from journal.registry.storage import digest_of, keep_weights

SHIPPED = "shipped"
# What the shipped card was measured on, if it doesn't say so itself.
CARD_DATA: Final = "FER+"

log = structlog.get_logger(__name__)


def register_shipped() -> ModelVersion:
    """Register the bundle that comes with the program; it becomes champion where only shipped ones were.

    Raises ``BundleError``.
    """
    folder = Path(settings.SHIPPED_BUNDLE)
    manifest = load_bundle(folder).manifest
    weights = (folder / WEIGHTS).read_bytes()
    keep_weights(weights)
    with transaction.atomic():
        version = ModelVersion.objects.filter(digest=digest_of(manifest.raw)).first()
        if version is None:
            version = _shipped(manifest.raw)
        if not version.size:  # new, or from before there was a review
            _complete(version, len(weights))
        alias, created = ModelAlias.objects.get_or_create(name=CHAMPION, defaults={"version": version})
        if created:
            note(version, Decision.Kind.IN_CHARGE)
        elif alias.version != version and alias.version.source == SHIPPED:
            # A new release brought a better model, and nobody here has chosen another.
            ModelAlias.objects.filter(pk=alias.pk).update(version=version, changed_at=timezone.now())
            note(version, Decision.Kind.IN_CHARGE, instead_of=alias.version)
    return version


def import_card(version: ModelVersion) -> None:
    """Put the figures of the model card that comes with the program beside its version, each once.

    A card of another bundle, or none at all, is no trouble: the manifest's own figures are there.
    """
    card = Path(settings.SHIPPED_CARD)
    if not card.is_file():
        return
    try:
        evidence.import_new(version, card.read_bytes(), CARD_DATA)
    except VersionRefused as refused:
        log.warning("shipped_card_left_out", code=refused.code, version=version.name)


def _shipped(manifest: dict[str, object]) -> ModelVersion:
    name, digest = str(manifest["name"]), digest_of(manifest)
    if ModelVersion.objects.filter(name=name).exists():
        name = f"{name[:70]} {digest[:8]}"
    return ModelVersion.objects.create(
        name=name,
        digest=digest,
        sha256=str(manifest["sha256"]),
        manifest=manifest,
        status=ModelVersion.Status.APPROVED,
        source=SHIPPED,
    )


def _complete(version: ModelVersion, size: int) -> None:
    ModelVersion.objects.filter(pk=version.pk).update(size=size)
    version.size = size
    note(version, Decision.Kind.APPROVED, reason=_("It comes with the program."))
    evidence.import_manifest(version)
