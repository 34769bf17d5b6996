"""Who lives here and who is invited: for administrators."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from journal.accounts import invitations
from journal.accounts.forms import InvitationForm
from journal.accounts.models import Invitation, User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """List people and invitations; make an invitation."""
    administrator = _administrator(request)
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        issued = invitations.invite(administrator, form.cleaned_data["label"])
        # Answered at once instead of after a redirect, which would have to keep the token somewhere.
        return _page(request, InvitationForm(), link=_link(issued.token))
    return _page(request, form)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an open invitation back."""
    _administrator(request)
    if invitations.revoke(pk):
        messages.success(request, _("The invitation is taken back. Its link no longer works."))
    return redirect("web:people")


def _administrator(request: HttpRequest) -> User:
    """The administrator who asks; for anybody else the page isn't there."""
    if isinstance(request.user, User) and request.user.is_superuser:
        return request.user
    raise Http404


def _link(token: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse('web:join', args=[token])}"


def _page(request: HttpRequest, form: InvitationForm, link: str = "") -> HttpResponse:
    context = {
        "form": form,
        "link": link,
        "link_is_local": urlsplit(settings.PUBLIC_URL).hostname in ("localhost", "127.0.0.1", "::1"),
        "people": User.objects.order_by("date_joined"),
        "invitations": Invitation.objects.select_related("used_by").order_by("-created_at"),
    }
    return render(request, "web/people.html", context)
