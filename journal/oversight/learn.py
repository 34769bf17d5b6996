"""What readings teach: two versions side by side, whether one drifts, and what other thresholds would do."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inference.emotions import EMOTIONS
from journal.oversight import drift as drifting
from journal.oversight.evidence import contrasts
from journal.oversight.forms import NameForm, ThresholdsForm
from journal.oversight.page import page, person, version_or_404
from journal.oversight.pairs import agreement, trials
from journal.oversight.people import FEWEST, Counting
from journal.oversight.preview import preview
from journal.registry.models import ModelVersion
from journal.registry.refusal import VersionRefused
from journal.registry.register import derive


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """From the two that were chosen to their comparison."""
    try:
        first, second = int(request.GET.get("first", "")), int(request.GET.get("second", ""))
    except ValueError:
        raise Http404 from None
    if first == second:
        messages.warning(request, _("Choose two different versions."))
        return redirect("admin:index")
    return redirect("admin:compare", first, second)


@require_safe
def compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Two versions: thresholds, figures, and the snapshots that both have read."""
    first, second, counting = version_or_404(pk), version_or_404(other), Counting.by(person(request).pk)
    pairs = [(e, first.manifest["thresholds"][e], second.manifest["thresholds"][e]) for e in EMOTIONS]
    return page(
        request,
        "compare",
        _("%(first)s beside %(second)s") % {"first": first.name, "second": second.name},
        first=first,
        second=second,
        thresholds=[(emotion, one, two, two - one) for emotion, one, two in pairs],
        contrasts=contrasts(first, second),
        agreement=agreement(first, second, counting),
        trials=trials(second, counting),
        fewest=FEWEST,
    )


@require_safe
def drift(request: HttpRequest) -> HttpResponse:
    """Twelve weeks of readings, by version."""
    found = drifting.weeks(Counting.by(person(request).pk))
    names = dict(ModelVersion.objects.values_list("pk", "name"))
    return page(
        request,
        "drift",
        _("Drift"),
        weeks=[(week, names[week.version], _measured(week)) for week in found],
        alarms=[(alarm, names[alarm.version]) for alarm in drifting.alarms(found)],
        emotions=EMOTIONS,
        fewest=FEWEST,
        fewest_readings=drifting.FEWEST_READINGS,
    )


def _measured(week: drifting.Week) -> dict[str, object]:
    """Rates as shares, and each emotion's five bins as slices of a bar 100 wide."""
    slices = []
    for emotion in EMOTIONS:
        x, parts = 0.0, []
        for number, count in enumerate(week.tally.bins[emotion]):
            width = 100 * count / max(week.tally.read, 1)
            parts.append((number, round(x, 2), round(width, 2)))
            x += width
        slices.append((emotion, week.means[emotion], parts))
    rates = [(name, count / of if of else None) for name, (count, of) in week.tally.rates.items()]
    return {"slices": slices, "rates": rates}


@require_http_methods(["GET", "HEAD", "POST"])
def thresholds(request: HttpRequest, pk: int) -> HttpResponse:
    """Try other thresholds on stored intensities; saving makes a new version."""
    version = version_or_404(pk)
    values = request.POST if request.method == "POST" else request.GET
    form = ThresholdsForm(version, values if EMOTIONS[0] in values else None)
    name = NameForm(request.POST if request.method == "POST" else None, initial={"name": f"{version.name}, own"})
    tried = form.thresholds if form.is_valid() else version.manifest["thresholds"]
    if request.method == "POST" and form.is_valid() and name.is_valid():
        try:
            saved = derive(version, name.cleaned_data["name"], tried, person(request).pk)
        except VersionRefused as error:
            name.add_error("name", str(error))
        else:
            messages.success(request, _("They are saved as a version of its own, which is being checked now."))
            return redirect("admin:version", saved.pk)
    return page(
        request,
        "thresholds",
        _("Thresholds of %(name)s") % {"name": version.name},
        version=version,
        form=form,
        name_form=name,
        changed=form.is_bound and form.is_valid() and tried != version.manifest["thresholds"],
        preview=preview(version, tried, Counting.by(person(request).pk)),
        fewest=FEWEST,
    )
