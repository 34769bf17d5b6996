"""The page that asks before the demo is removed, and removes it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journal.accounts.models import User
from journal.accounts.request import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: PersonRequest) -> HttpResponse:
    """Ask; once that is answered, delete the demo person who asks, with all their days."""
    if not request.user.is_demo:
        raise Http404
    if request.method != "POST":
        return render(request, "web/demo_remove.html")
    person = User.objects.get(pk=request.user.pk)
    logout(request)
    person.delete()
    messages.success(request, _("The demo is removed."))
    return redirect("account_login")
