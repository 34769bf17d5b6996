"""The pages' addresses."""

from __future__ import annotations

from django.urls import path

from journal.web import account_urls, capture, checkins, corrections, health, intake, journal, result, today

app_name = "web"
urlpatterns = [
    path("", today.today, name="today"),
    path("capture", capture.capture, name="capture"),
    path("worker", capture.worker, name="worker"),
    path("journal", journal.journal, name="journal"),
    path("snapshots", intake.snapshots, name="snapshots"),
    path("snapshots/<uuid:pk>", result.snapshot, name="snapshot"),
    path("snapshots/<uuid:pk>/result", result.result, name="result"),
    path("snapshots/<uuid:pk>/picture", result.picture, name="picture"),
    path("snapshots/<uuid:pk>/correction", corrections.correct, name="correct"),
    path("snapshots/<uuid:pk>/discard", corrections.discard, name="discard"),
    path("check-ins/new", checkins.new, name="new_check_in"),
    path("check-ins/<uuid:pk>", checkins.check_in, name="check_in"),
    path("check-ins/<uuid:pk>/delete", checkins.delete, name="delete_check_in"),
    path("check-ins/<uuid:pk>/restore", checkins.restore, name="restore_check_in"),
    path("tags", checkins.make_tag, name="make_tag"),
    path("healthz", health.healthz, name="healthz"),
    path("csp-report", health.csp_report, name="csp_report"),
    *account_urls.urlpatterns,
]
