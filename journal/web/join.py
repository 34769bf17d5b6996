"""An invited person arrives."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from journal.accounts import invitations
from journal.accounts.forms import NewPersonForm
from journal.accounts.models import Invitation
from journal.accounts.people import NameTaken


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form while the link is alive, and make the person."""
    invitation = invitations.find(token)
    if request.user.is_authenticated or invitation is None or invitation.state != Invitation.State.OPEN:
        return _closed(request, invitation)
    form = NewPersonForm(request.POST or None)
    if form.is_valid():
        return _move_in(request, form, token)
    return _form(request, form)


def _move_in(request: HttpRequest, form: NewPersonForm, token: str) -> HttpResponse:
    data = form.cleaned_data
    try:
        person = invitations.redeem(token, data["username"], data["password1"], data["zone"])
    except invitations.InvitationDead:
        return _closed(request, invitations.find(token))
    except NameTaken:
        form.add_error("username", _("Somebody here already has this name."))
        return _form(request, form)
    login(request, person)
    return redirect("web:consent")


def _form(request: HttpRequest, form: NewPersonForm) -> HttpResponse:
    return render(request, "web/join.html", {"form": form})


def _closed(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    if request.user.is_authenticated:
        return render(request, "web/join.html", {"state": "inside"})
    state = invitation.state if invitation else "unknown"
    return render(request, "web/join.html", {"state": state}, status=410 if invitation else 404)
