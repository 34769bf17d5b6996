"""What every page of the admin has around it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from journal.accounts.models import User
from journal.registry.models import ModelVersion


def page(request: HttpRequest, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
    """Draw a page of the admin."""
    around = {**admin.site.each_context(request), "title": title, **context}
    return render(request, f"oversight/{template}.html", around, status=status)


def person(request: HttpRequest) -> User:
    """Who asks; the admin lets nobody in who isn't signed in."""
    assert isinstance(request.user, User)
    return request.user


def version_or_404(pk: int) -> ModelVersion:
    return get_object_or_404(ModelVersion, pk=pk)
