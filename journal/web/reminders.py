"""The reminders page: when, by which ways, when not, and a message to try it with."""

from __future__ import annotations

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from journal.accounts import address, mail
from journal.accounts.forms import AddressForm
from journal.accounts.refusal import Refused
from journal.accounts.request import PersonRequest
from journal.moods import reminders
from journal.telling import choices, trial
from journal.telling.models import Channel
from journal.web.posts import form_of
from journal.web.reminder_forms import QuietForm, TimeForm
from journal.web.reminder_page import context, results


@login_required
@require_GET
def page(request: PersonRequest) -> HttpResponse:
    return _show(request)


@login_required
@form_of("web:reminders")
def add_time(request: PersonRequest) -> HttpResponse:
    form = TimeForm(request.POST)
    if not form.is_valid():
        return _show(request, time_form=form)
    try:
        reminders.add(request.user, form.cleaned_data["at"], form.cleaned_data["days"])
    except Refused as refused:
        return _back(request, refused)
    return _back(request, said=_("Saved."))


@login_required
@form_of("web:reminders")
def remove_time(request: PersonRequest, pk: int) -> HttpResponse:
    if not reminders.remove(request.user, pk):
        raise Http404
    return _back(request, said=_("Removed."))


@login_required
@form_of("web:reminders")
def choose_channels(request: PersonRequest) -> HttpResponse:
    ticked = set(request.POST.getlist("choice"))
    wanted = {(kind, channel) for kind in choices.KINDS for channel in Channel if f"{kind}:{channel}" in ticked}
    if not mail.is_set_up():
        # Its boxes aren't on the page, so that leaving them out says nothing.
        wanted |= {choice for choice in choices.chosen(request.user) if choice[1] == Channel.EMAIL}
    choices.choose(request.user, wanted)
    return _back(request, said=_("Your choices are saved, and they count from now on."))


@login_required
@form_of("web:reminders")
@rate_limit(action="manage_email")  # type: ignore[untyped-decorator]  # allauth has no types
def add_address(request: PersonRequest) -> HttpResponse:
    """Keep an e-mail address and send the link that confirms it."""
    if not mail.is_set_up():
        raise Http404
    form = AddressForm(data=request.POST, user=request.user)
    if not form.is_valid():
        return _show(request, address_form=form)
    try:
        form.save(request)
    except Refused as refused:
        form.add_error("email", str(refused))
        return _show(request, address_form=form)
    return _back(request, said=str(address.ON_ITS_WAY))


@login_required
@form_of("web:reminders")
@rate_limit(action="manage_email")  # type: ignore[untyped-decorator]  # allauth has no types
def confirm_again(request: PersonRequest, pk: int) -> HttpResponse:
    """Send an address's link once more."""
    waiting = address.unconfirmed(request.user, pk=pk)
    if waiting is None or not mail.is_set_up():
        raise Http404
    try:
        address.send_link(request, waiting)
    except Refused as refused:
        return _back(request, refused)
    return _back(request, said=str(address.ON_ITS_WAY))


@login_required
@form_of("web:reminders")
def quiet(request: PersonRequest) -> HttpResponse:
    if "on" not in request.POST:
        choices.never_quiet(request.user)
        return _back(request, said=_("Saved."))
    form = QuietForm(request.POST)
    if not form.is_valid():
        return _show(request, quiet_form=form)
    try:
        choices.keep_quiet(request.user, form.cleaned_data["start"], form.cleaned_data["end"])
    except Refused as refused:
        return _back(request, refused)
    return _back(request, said=_("Saved."))


@login_required
@form_of("web:reminders")
def try_out(request: PersonRequest) -> HttpResponse:
    channel = request.POST.get("channel", "")
    if channel not in Channel.values:
        raise Http404
    try:
        trial.try_out(request.user, Channel(channel), reverse("web:reminders"))
    except Refused as refused:
        return _back(request, refused)
    return redirect(f"{reverse('web:reminders')}#try")


@login_required
@require_GET
def trial_result(request: PersonRequest) -> HttpResponse:
    """What became of the newest test, as a fragment; 202 while it is on its way."""
    found = results(request.user)
    return render(request, "web/_trial.html", {"results": found}, status=202 if any(r.waiting for r in found) else 200)


def _show(request: PersonRequest, **forms: object) -> HttpResponse:
    return render(request, "web/reminders.html", context(request.user) | forms)


def _back(request: HttpRequest, refused: Refused | None = None, said: str = "") -> HttpResponse:
    if refused is not None:
        messages.error(request, str(refused))
    elif said:
        messages.success(request, said)
    return redirect("web:reminders")
