"""The admin: Django's own, with our pages in it and the site's own way in."""

from __future__ import annotations

from typing import Any, ClassVar, Never

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from journal.oversight.roles import VIEW


class VersionsSite(AdminSite):
    """There for whoever has a role; for anybody else the pages aren't there."""

    site_header = site_title = _("Models")
    enable_nav_sidebar = False
    final_catch_all_view = False
    not_ours: ClassVar = ("password_change", "password_change_done", "autocomplete", "jsi18n", "view_on_site")

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.has_perm(VIEW)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The one way in is the site's own, with its limit of attempts."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next", request.path))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Never:
        """The way out is the site's own too; the address must be there for Django, and nobody is let through."""
        raise Http404

    def get_urls(self) -> list[URLResolver | URLPattern]:
        from journal.oversight.urls import pages  # the pages know the site

        kept = [entry for entry in super().get_urls() if getattr(entry, "name", None) not in self.not_ours]
        return [*pages(self), *kept]
