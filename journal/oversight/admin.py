"""Django's own lists: what was decided, and what was measured. They are only read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from journal.registry.models import Decision, Evaluation


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic when it runs
    """A list that nobody adds to, changes or deletes from by hand."""

    list_display_links = None
    list_per_page = 50
    ordering = ["-id"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("when"), ordering="id")
    def when(self, row: Decision | Evaluation) -> str:
        return f"{row.at:%Y-%m-%d %H:%M} UTC"


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    list_display = ["when", "name", "kind", "who", "reason"]
    list_filter = ["kind", "name"]
    list_select_related = ["by"]

    @admin.display(description=_("by"))
    def who(self, row: Decision) -> str:
        return row.by.get_username() if row.by else str(_("the site itself, or somebody who has left"))


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnly):
    list_display = ["when", "called", "data", "split", "source"]
    list_filter = ["data", "split", "source"]
    list_select_related = ["version"]

    @admin.display(description=_("version"), ordering="version__name")
    def called(self, row: Evaluation) -> str:
        return row.version.name
