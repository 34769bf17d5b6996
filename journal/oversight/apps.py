from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.db.models.signals import post_migrate


class AdminConfig(SimpleAdminConfig):
    """Django's admin with our own site in it; what other packages would like to show there is left out."""

    default_site = "journal.oversight.site.VersionsSite"


class OversightConfig(AppConfig):
    name = "journal.oversight"
    label = "oversight"

    def ready(self) -> None:
        from journal.oversight import admin, roles  # noqa: F401  (registers the lists)

        post_migrate.connect(roles.prepare, dispatch_uid="roles")
