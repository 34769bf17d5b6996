"""Addresses of what tells people something: reminders and channels, and where messages lead."""

from __future__ import annotations

from django.urls import path

from journal.web import browsers, reminders, told

urlpatterns = [
    path("settings/reminders", reminders.page, name="reminders"),
    path("settings/reminders/times", reminders.add_time, name="add_reminder"),
    path("settings/reminders/times/<int:pk>/remove", reminders.remove_time, name="remove_reminder"),
    path("settings/reminders/channels", reminders.choose_channels, name="choose_channels"),
    path("settings/reminders/address", reminders.add_address, name="add_address"),
    path("settings/reminders/address/<int:pk>/confirm", reminders.confirm_again, name="confirm_again"),
    path("settings/reminders/quiet", reminders.quiet, name="quiet_hours"),
    path("settings/reminders/test", reminders.try_out, name="try_channel"),
    path("settings/reminders/test/result", reminders.trial_result, name="trial_result"),
    path("settings/reminders/browsers", browsers.add, name="add_browser"),
    path("settings/reminders/browsers/renew", browsers.renew, name="renew_browser"),
    path("settings/reminders/browsers/<uuid:pk>/remove", browsers.remove, name="remove_browser"),
    # At the root, because a service worker reaches no higher than its own address.
    path("service-worker.js", browsers.service_worker, name="service_worker"),
    path("told/<uuid:pk>", told.told, name="told"),
    path("unsubscribe/<str:token>", told.unsubscribe, name="unsubscribe"),
]
