"""What a person does about it: on and off, dismiss and snooze, right or wrong, and their own list."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journal.accounts.models import User
from journal.accounts.refusal import Refused
from journal.accounts.request import PersonRequest
from journal.downswings import choices, helping
from journal.downswings.models import Downswing, Sensitivity, Watch
from journal.web.downswing import costs
from journal.web.posts import form_of

# Where a banner may stand, and so where its buttons lead back to.
BACK: Final = ("web:today", "web:history", "web:downswing")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: PersonRequest) -> HttpResponse:
    """Show what is chosen, or keep it."""
    if request.method == "POST":
        return _choose(request, request.user)
    watch = Watch.objects.filter(user=request.user).first() or Watch(user=request.user)
    return render(request, "web/downswing_settings.html", {"watch": watch, "costs": costs()})


def _choose(request: HttpRequest, user: User) -> HttpResponse:
    match request.POST.get("do"):
        case "on":
            was_on = Watch.objects.filter(user=user, on=True).exists()
            choices.turn_on(user, _sensitivity(request))
            messages.success(
                request,
                _("Saved. Past days were looked at anew.")
                if was_on
                else _("Moodtide looks at your days from now on, and tells nobody but you."),
            )
        case "off":
            choices.turn_off(user)
            messages.success(request, _("It is off. What was worked out about your days is forgotten."))
            return redirect("web:downswing_settings")
        case "anew":
            choices.start_anew(user)
            messages.success(
                request,
                _("What is usual for you is learnt anew from today. 28 days on which you note something will do."),
            )
        case _:
            messages.error(request, _("This page is out of date. Please load it again."))
            return redirect("web:downswing_settings")
    return redirect("web:downswing")


def _sensitivity(request: HttpRequest) -> Sensitivity:
    try:
        return Sensitivity(request.POST.get("sensitivity", ""))
    except ValueError:
        return Sensitivity.USUAL


@login_required
@form_of("web:downswing")
def act(request: PersonRequest, pk: int) -> HttpResponse:
    """Dismiss a low stretch, be quiet for a week, take that back, or say whether it was right."""
    match request.POST.get("do"):
        case "dismiss":
            done, said = choices.dismiss(request.user, pk), _("You won't hear of these days again.")
        case "snooze":
            until = choices.snooze(request.user, pk)
            done = until is not None
            said = _("Quiet until %(day)s.") % {"day": date_format(until, "j F")} if until else ""
        case "show":
            done, said = choices.show_again(request.user, pk), _("The note is shown again while these days go on.")
        case "right" | "wrong" as answer:
            done = choices.answer(request.user, pk, Downswing.Answer(answer))
            said = _("Thank you. It is kept for you alone.")
        case _:
            done, said = False, ""
    if not done:
        raise Http404
    messages.success(request, said)
    back = request.POST.get("back", "")
    return redirect(back if back in BACK else "web:downswing")


@login_required
@form_of("web:downswing")
def add_line(request: PersonRequest) -> HttpResponse:
    """Put a line on the person's own list."""
    try:
        helping.add(request.user, request.POST.get("text", ""))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("web:downswing")


@login_required
@form_of("web:downswing")
def change_line(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Say a line in other words, or take it out."""
    try:
        if request.POST.get("do") == "remove":
            helping.remove(request.user, pk)
        else:
            helping.change(request.user, pk, request.POST.get("text", ""))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Saved."))
    return redirect("web:downswing")
