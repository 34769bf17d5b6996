"""A version on trial: it reads along on a share of snapshots, and nobody sees what it reads."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from journal.registry.champion import CHALLENGER, CHAMPION
from journal.registry.history import note
from journal.registry.models import Decision, ModelAlias, ModelVersion
from journal.registry.refusal import VersionRefused

Status = ModelVersion.Status


def challenger() -> ModelAlias | None:
    """The alias of the version that reads along, if there is one."""
    return ModelAlias.objects.select_related("version").filter(name=CHALLENGER).first()


@transaction.atomic
def start_trial(version: ModelVersion, share: float, by: int) -> None:
    """Let a candidate or approved version read along on a share of snapshots. Raises ``VersionRefused``."""
    if not 0 < share <= 1:
        raise VersionRefused("share", _("The share must be above 0 and at most 100 %."))
    row = ModelVersion.objects.select_for_update().get(pk=version.pk)
    if row.status not in (Status.CANDIDATE, Status.APPROVED):
        raise VersionRefused(
            "wrong_state",
            _("%(name)s is %(state)s, so it can't read along.")
            % {"name": row.name, "state": row.get_status_display().lower()},
        )
    if ModelAlias.objects.filter(name=CHAMPION, version=row).exists():
        raise VersionRefused(
            "in_charge_already", _("%(name)s is in charge: there is nothing to try out.") % {"name": row.name}
        )
    end_trial(by)
    ModelAlias.objects.create(name=CHALLENGER, version=row, share=share)
    note(row, Decision.Kind.TRIAL_STARTED, by, _("%(share)s %% of snapshots") % {"share": f"{share * 100:g}"})


@transaction.atomic
def end_trial(by: int) -> None:
    """Let nobody read along."""
    for alias in ModelAlias.objects.select_for_update().select_related("version").filter(name=CHALLENGER):
        alias.delete()
        note(alias.version, Decision.Kind.TRIAL_ENDED, by)
