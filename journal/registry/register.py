"""A bundle becomes a version: taken in, checked by a worker, or derived from another by new thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from inference.bundle import BundleError, Manifest, parse_manifest
from journal.registry import bell, evidence
from journal.registry.history import note
from journal.registry.models import Decision, ModelVersion
from journal.registry.parcel import Parcel
from journal.registry.refusal import VersionRefused
from journal.registry.storage import digest_of, keep_weights

# Figures that no threshold changes: they stay true of a version whose thresholds alone are new.
WITHOUT_THRESHOLDS: Final = ("faces", "faces_majority", "faces_multi_label", "majority_accuracy", "map", "brier", "ece")


def register(parcel: Parcel, source: str, by: int | None = None) -> ModelVersion:
    """Take a bundle in as a version that a worker will check. Raises ``VersionRefused``."""
    manifest = parcel.bundle.manifest
    _require_new(manifest)
    # The file comes first: a row never points at weights that aren't there.
    keep_weights(parcel.weights)
    return _registered(manifest, len(parcel.weights), source, by)


@transaction.atomic
def derive(base: ModelVersion, name: str, thresholds: Mapping[str, float], by: int | None) -> ModelVersion:
    """The same weights with other thresholds, as a version of its own. Raises ``VersionRefused``."""
    raw = deepcopy(base.manifest)
    raw |= {
        "name": name.strip(),
        "thresholds": dict(thresholds),
        "derived": {"from": base.name, "digest": base.digest, "changed": "thresholds"},
        "metrics": {data: _without_thresholds(figures) for data, figures in raw["metrics"].items()},
    }
    try:
        manifest = parse_manifest(raw)
    except BundleError as error:
        raise VersionRefused("bad_bundle", str(error)) from error
    _require_new(manifest)
    return _registered(manifest, base.size, f"thresholds of {base.name}", by)


def _without_thresholds(figures: Any) -> dict[str, Any]:
    return {name: figures[name] for name in WITHOUT_THRESHOLDS if name in figures} if isinstance(figures, dict) else {}


def _require_new(manifest: Manifest) -> None:
    if known := ModelVersion.objects.filter(digest=digest_of(manifest.raw)).first():
        raise VersionRefused("known", _("This very bundle is here already: it is %(name)s.") % {"name": known.name})
    if ModelVersion.objects.filter(name=manifest.name).exists():
        raise VersionRefused(
            "name_taken",
            _("Another version is called %(name)s. Give this one a name of its own, so that the two can be told apart.")
            % {"name": manifest.name},
        )


def _registered(manifest: Manifest, size: int, source: str, by: int | None) -> ModelVersion:
    try:
        with transaction.atomic():
            version = ModelVersion.objects.create(
                name=manifest.name,
                digest=digest_of(manifest.raw),
                sha256=manifest.sha256,
                size=size,
                manifest=manifest.raw,
                source=source[:200],
                registered_by_id=by,
            )
            note(version, Decision.Kind.REGISTERED, by)
            evidence.import_manifest(version)
            bell.ring_on_commit(version)
    except IntegrityError as error:
        # The same bundle was brought twice at the same moment, and the other one won.
        raise VersionRefused("known", _("This very bundle is here already.")) from error
    return version
