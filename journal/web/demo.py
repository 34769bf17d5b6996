"""The button that removes the demo."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from journal.accounts.models import User


@login_required
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Delete the demo person who asks, with all their days."""
    assert isinstance(request.user, User)
    if not request.user.is_demo:
        raise Http404
    person = User.objects.get(pk=request.user.pk)
    logout(request)
    person.delete()
    return redirect("account_login")
