"""The list of versions, and everything about one."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inference.emotions import EMOTIONS
from journal.oversight import evidence
from journal.oversight.forms import EvaluationForm, ReasonForm, TrialForm
from journal.oversight.page import page, person, version_or_404
from journal.oversight.people import Counting
from journal.readings.models import Reader, Reading
from journal.readings.takeup import GONE_AFTER
from journal.registry.champion import in_charge, previous
from journal.registry.models import Figure, ModelVersion
from journal.registry.review import MAY_BECOME
from journal.registry.trial import challenger

HEADLINE = "macro_f1"


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Who is in charge, who reads along, whether the workers follow, and every version."""
    return page(
        request,
        "versions",
        _("Models"),
        champion=in_charge(),
        before=previous(),
        challenger=challenger(),
        readers=_readers(),
        versions=_listed(),
    )


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence of a version, what may be decided about it, and what was."""
    row = version_or_404(pk)
    champion, trial = in_charge(), challenger()
    return page(
        request,
        "version",
        row.name,
        version=row,
        champion=champion,
        is_champion=champion is not None and champion.version_id == row.pk,
        trial=trial if trial and trial.version_id == row.pk else None,
        may_become=[status.value for status, states in MAY_BECOME.items() if row.status in states],
        sheets=evidence.sheets(row),
        thresholds=[(emotion, row.manifest["thresholds"][emotion]) for emotion in EMOTIONS],
        smoke=_smoke(row),
        emotions=EMOTIONS,
        **_counted(row, Counting.by(person(request).pk)),
        decisions=row.decisions.select_related("by", "instead_of").order_by("-id"),
        reason_form=ReasonForm(),
        trial_form=TrialForm(),
        evaluation_form=EvaluationForm(),
    )


def _readers() -> QuerySet[Reader]:
    """The workers that have said something lately."""
    lately = timezone.now() - GONE_AFTER
    return Reader.objects.filter(seen_at__gt=lately).select_related("version").order_by("worker")


def _counted(row: ModelVersion, counting: Counting) -> dict[str, Any]:
    """How much a version has read of those who may be counted, by role, and how many people are left out."""
    rows = Reading.objects.filter(version=row).order_by().values_list("role", "snapshot__user_id")
    totals, left_out = counting.totals(rows.annotate(count=Count("id")))
    return {"readings": sorted(totals.items()), "left_out": left_out, "has_read": bool(totals or rows.exists())}


def _smoke(row: ModelVersion) -> list[tuple[str, float]]:
    found = (row.smoke or {}).get("intensities", {})
    return [(emotion, found[emotion]) for emotion in EMOTIONS if emotion in found]


def _listed() -> list[ModelVersion]:
    """Every version, the newest first, with its ``headline``; two queries."""
    rows = list(ModelVersion.objects.select_related("registered_by").order_by("-id"))
    best = Figure.objects.filter(name=HEADLINE, emotion="", group="")
    # By id, so that a later evaluation outranks the manifest's own figure.
    figures = {figure.evaluation.version_id: figure for figure in best.select_related("evaluation").order_by("id")}
    for row in rows:
        row.headline = figures.get(row.pk)  # type: ignore[attr-defined]
    return rows
