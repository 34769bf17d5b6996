"""The admin's own pages, each with the permission that it needs."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import permission_required
from django.urls import URLPattern, path

from journal.oversight import decide, learn, owner, show
from journal.oversight.roles import BRING, DELETE, MEASURE, REVIEW, SWITCH, VIEW

# address, name, page, permission
PAGES = (
    ("", "index", show.versions, VIEW),
    ("versions/new", "upload", decide.upload, BRING),
    ("versions/<int:pk>", "version", show.version, VIEW),
    ("versions/<int:pk>/evidence", "evidence", decide.evidence, MEASURE),
    ("versions/<int:pk>/review", "review", decide.review, REVIEW),
    ("versions/<int:pk>/switch", "switch", decide.switch, SWITCH),
    ("versions/<int:pk>/retire", "retire", decide.retire, SWITCH),
    ("versions/<int:pk>/trial", "trial", decide.trial, SWITCH),
    ("versions/<int:pk>/delete", "delete", decide.delete, DELETE),
    ("versions/<int:pk>/thresholds", "thresholds", learn.thresholds, BRING),
    ("versions/<int:pk>/compare/<int:other>", "compare", learn.compare, VIEW),
    ("compare", "choose", learn.choose, VIEW),
    ("back", "go_back", decide.go_back, SWITCH),
    ("trial/end", "end_trial", decide.end_trial, SWITCH),
    ("drift", "drift", learn.drift, VIEW),
)


def pages(site: AdminSite) -> list[URLPattern]:
    """The addresses; whoever has no role is sent to sign in, and whoever has a smaller one is refused."""
    listed = [
        path(address, site.admin_view(permission_required(needed, raise_exception=True)(page)), name=name)
        for address, name, page, needed in PAGES
    ]
    return [*listed, path("roles", site.admin_view(owner.roles), name="roles")]
