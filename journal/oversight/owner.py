"""Who has which role: for the owner alone."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journal.accounts.models import User
from journal.oversight.page import page, person
from journal.oversight.roles import Role, give, role_of


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest) -> HttpResponse:
    """List people with their roles; give one."""
    if not person(request).is_superuser:
        raise PermissionDenied
    people = User.objects.filter(is_demo=False)
    if request.method == "POST":
        chosen = get_object_or_404(people.filter(is_superuser=False), pk=_whole(request.POST.get("person", "")))
        role = request.POST.get("role", "")
        give(chosen, Role(role) if role in Role.values else None)
        messages.success(request, _("Saved."))
        return redirect("admin:roles")
    listed = people.prefetch_related("groups").order_by("date_joined")
    return page(request, "roles", _("Roles"), people=[(one, role_of(one)) for one in listed], roles=Role)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0
