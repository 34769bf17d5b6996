"""Every address of the site."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from journal.web import account_pages

urlpatterns = [
    # Before allauth's own of these names.
    path("accounts/email/", account_pages.addresses, name="account_email"),
    path("accounts/password/reset/", account_pages.forgotten, name="account_reset_password"),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("journal.web.urls")),
]
