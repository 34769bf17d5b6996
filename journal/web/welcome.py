"""The first visit: somebody becomes the owner."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from journal.accounts.forms import NewPersonForm
from journal.accounts.people import OwnerExists, anybody_home, create_owner


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Show the form to the very first visitor, and make them the owner."""
    if anybody_home():
        return redirect("web:today")  # which sends those who aren't signed in on to do so
    form = NewPersonForm(request.POST or None)
    if form.is_valid():
        return _move_in(request, form)
    return render(request, "web/welcome.html", {"form": form})


def _move_in(request: HttpRequest, form: NewPersonForm) -> HttpResponse:
    data = form.cleaned_data
    try:
        owner = create_owner(data["username"], data["password1"], data["zone"])
    except OwnerExists:
        return redirect("account_login")
    login(request, owner)
    return redirect("web:consent")
