"""The version that reads everyone, and how another takes over."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inference.bundle import BundleError
from journal.registry.history import SWITCHES, note
from journal.registry.models import Decision, ModelAlias, ModelVersion
from journal.registry.refusal import VersionRefused
from journal.registry.storage import fetch

CHAMPION = "champion"
CHALLENGER = "challenger"
Status = ModelVersion.Status


def in_charge() -> ModelAlias | None:
    """The champion's alias, with its version."""
    return ModelAlias.objects.select_related("version").filter(name=CHAMPION).first()


def champion() -> ModelVersion:
    """The version in charge. Raises ``BundleError`` while there is none."""
    alias = in_charge()
    if alias is None:
        raise BundleError("No model version is in charge; `manage.py prepare` says why the shipped one is not.")
    return alias.version


def switch(version: ModelVersion, by: int | None, reason: str, instead_of: int | None) -> None:
    """Put an approved version in charge, in one transaction; running workers take it up by themselves.

    ``instead_of``: the version that the person saw in charge when they decided. Raises ``VersionRefused``.
    """
    if not reason.strip():
        raise VersionRefused(
            "no_reason", _("Please write down why: whoever looks at this in a year will want to know.")
        )
    if settings.MODEL_TWO_PERSON_RULE and by is not None and _approver(version) == by:
        raise VersionRefused(
            "two_persons",
            _("You approved this version, so somebody else has to put it in charge: that is the rule here."),
        )
    _require_whole(version)
    _switch(version, by, reason.strip(), instead_of, Decision.Kind.IN_CHARGE)


def go_back(by: int | None, instead_of: int | None) -> ModelVersion:
    """Put the version that was in charge before back, without a second person. Raises ``VersionRefused``."""
    before = previous()
    if before is None:
        raise VersionRefused("no_way_back", _("There is no earlier version that could take over again."))
    _require_whole(before)
    _switch(before, by, "", instead_of, Decision.Kind.WENT_BACK)
    return before


def previous() -> ModelVersion | None:
    """The version that the present champion took over from, if it may still read."""
    latest = Decision.objects.filter(kind__in=SWITCHES).select_related("instead_of").order_by("-id").first()
    before = latest.instead_of if latest else None
    return before if before is not None and before.status == Status.APPROVED else None


def _approver(version: ModelVersion) -> int | None:
    decision = version.decisions.filter(kind=Decision.Kind.APPROVED).order_by("-id").first()
    return decision.by_id if decision else None


def _require_whole(version: ModelVersion) -> None:
    try:
        fetch(version)
    except BundleError as error:
        raise VersionRefused("not_whole", str(error)) from error


@transaction.atomic
def _switch(version: ModelVersion, by: int | None, reason: str, instead_of: int | None, kind: Decision.Kind) -> None:
    # The alias first: of two switches at once, the second waits here and then sees what the first has done.
    alias = ModelAlias.objects.select_for_update().filter(name=CHAMPION).first()
    row = ModelVersion.objects.select_for_update().get(pk=version.pk)
    if alias is None:
        raise VersionRefused(
            "nobody_in_charge", _("No version is in charge yet; the shipped one has to be put right first.")
        )
    if alias.version_id != instead_of:
        raise VersionRefused(
            "overtaken",
            _("Somebody else has just put %(name)s in charge. Nothing was changed; please look again.")
            % {"name": alias.version.name},
        )
    if row.status != Status.APPROVED:
        raise VersionRefused(
            "not_approved",
            _("%(name)s is %(state)s; only an approved version may read people's faces.")
            % {"name": row.name, "state": row.get_status_display().lower()},
        )
    if alias.version_id == row.pk:
        raise VersionRefused("in_charge_already", _("%(name)s is in charge already.") % {"name": row.name})
    before = alias.version
    ModelAlias.objects.filter(name=CHALLENGER, version=row).delete()
    ModelAlias.objects.filter(pk=alias.pk).update(version=row, changed_at=timezone.now())
    note(row, kind, by, reason, instead_of=before)
