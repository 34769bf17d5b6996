"""What an administrator or reviewer does: each is one call to the registry, answered by a sentence."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from journal.oversight.forms import EvaluationForm, TrialForm, UploadForm
from journal.oversight.page import page, person, version_or_404
from journal.registry import champion
from journal.registry import review as reviewing
from journal.registry import trial as trials
from journal.registry.evidence import import_file
from journal.registry.parcel import open_zip
from journal.registry.refusal import VersionRefused
from journal.registry.register import register


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a bundle in."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["bundle"]
        try:
            version = register(open_zip(file.read()), f"upload {file.name}", person(request).pk)
        except VersionRefused as error:
            form.add_error("bundle", str(error))
        else:
            messages.success(request, _("It is taken in. A worker now reads a drawn face with it."))
            return redirect("admin:version", version.pk)
    return page(request, "upload", _("Bring a version in"), status=422 if form.errors else 200, form=form)


@require_POST
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Put figures beside a version."""
    version, form = version_or_404(pk), EvaluationForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file with figures, and say what they were measured on."))
        return redirect("admin:version", pk)

    def act() -> None:
        import_file(version, form.cleaned_data["figures"].read(), form.cleaned_data["measured_on"], person(request).pk)

    return _answer(request, pk, act, _("The figures are here."))


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or reject, with a reason."""
    version, reason = version_or_404(pk), request.POST.get("reason", "")
    if request.POST.get("verdict") == "approve":
        return _answer(
            request, pk, lambda: reviewing.approve(version, person(request).pk, reason), _("It is approved.")
        )
    return _answer(request, pk, lambda: reviewing.reject(version, person(request).pk, reason), _("It is rejected."))


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    version, reason = version_or_404(pk), request.POST.get("reason", "")
    return _answer(request, pk, lambda: reviewing.retire(version, person(request).pk, reason), _("It is put away."))


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a version in charge."""
    version, reason, seen = version_or_404(pk), request.POST.get("reason", ""), _seen(request)
    return _answer(
        request,
        pk,
        lambda: champion.switch(version, person(request).pk, reason, seen),
        _("It is in charge. Running workers take it up within a few seconds."),
    )


@require_POST
def go_back(request: HttpRequest) -> HttpResponse:
    """Put the version before back in charge."""
    seen = _seen(request)
    return _answer(
        request, None, lambda: champion.go_back(person(request).pk, seen), _("The version before is back in charge.")
    )


@require_POST
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a version read along."""
    version, form = version_or_404(pk), TrialForm(request.POST)
    share = form.cleaned_data["share"] / 100 if form.is_valid() else 0
    return _answer(
        request, pk, lambda: trials.start_trial(version, share, person(request).pk), _("It reads along from now on.")
    )


@require_POST
def end_trial(request: HttpRequest) -> HttpResponse:
    return _answer(request, None, lambda: trials.end_trial(person(request).pk), _("The trial is over."))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a version that never read anybody."""
    version = version_or_404(pk)
    try:
        reviewing.delete(version, person(request).pk)
    except VersionRefused as error:
        messages.error(request, str(error))
        return redirect("admin:version", pk)
    messages.success(request, _("%(name)s is deleted.") % {"name": version.name})
    return redirect("admin:index")


def _seen(request: HttpRequest) -> int | None:
    """The champion that the page showed when the button was pressed."""
    try:
        return int(request.POST.get("instead_of", ""))
    except ValueError:
        return None


def _answer(request: HttpRequest, pk: int | None, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except VersionRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("admin:version", pk) if pk is not None else redirect("admin:index")
