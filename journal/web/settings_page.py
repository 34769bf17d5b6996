"""How a person wants the site to behave."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journal.accounts.forms import SettingsForm
from journal.accounts.request import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: PersonRequest) -> HttpResponse:
    """Show and save the profile."""
    form = SettingsForm(request.POST or None, instance=request.user.profile)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("web:settings")
    return render(request, "web/settings.html", {"form": form})
