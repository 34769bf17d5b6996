"""Addresses of the pages about people: arriving, consent, settings, privacy."""

from __future__ import annotations

from django.urls import path

from journal.web import consent, crisis, demo, join, people, privacy_page, settings_page, welcome

urlpatterns = [
    path("welcome", welcome.welcome, name="welcome"),
    path("join/<str:token>", join.join, name="join"),
    path("consent", consent.consent, name="consent"),
    path("settings", settings_page.settings_page, name="settings"),
    path("people", people.people, name="people"),
    path("people/invitations/<uuid:pk>/revoke", people.revoke, name="revoke_invitation"),
    path("demo/remove", demo.remove, name="remove_demo"),
    path("crisis", crisis.crisis, name="crisis"),
    path("privacy", privacy_page.privacy, name="privacy"),
]
