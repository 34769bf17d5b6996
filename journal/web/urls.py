"""The pages' addresses."""

from __future__ import annotations

from datetime import date

from django.urls import path, register_converter

from journal.web import (
    account_urls,
    capture,
    checkins,
    corrections,
    downswing,
    downswing_acts,
    health,
    history,
    intake,
    journal,
    manifest,
    result,
    telling_urls,
    today,
)


class DateConverter:
    """A day in an address: 2026-11-21."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # a ValueError is an address that isn't there

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DateConverter, "date")
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
    path("history", history.charts, name="history"),
    path("history/data", history.data, name="history_data"),
    path("history/calendar", history.calendar, name="history_calendar"),
    path("history/patterns", history.when_and_what, name="history_patterns"),
    path("history/valence.svg", history.picture, {"chart": "valence"}, name="history_valence"),
    path("history/mixture.svg", history.picture, {"chart": "mixture"}, name="history_mixture"),
    path("history/years.svg", history.mosaic, {"chart": "years"}, name="history_years"),
    path("history/when.svg", history.mosaic, {"chart": "when"}, name="history_when"),
    path("history/table", history.table, name="history_table"),
    path("history.csv", history.numbers, name="history_csv"),
    path("history/days.csv", history.other_numbers, {"chart": "days"}, name="days_csv"),
    path("history/when.csv", history.other_numbers, {"chart": "when"}, name="when_csv"),
    path("history/tags.csv", history.other_numbers, {"chart": "tags"}, name="tags_csv"),
    path("downswing", downswing.page, name="downswing"),
    path("downswing/data", downswing.data, name="downswing_data"),
    path("downswing/settings", downswing_acts.settings, name="downswing_settings"),
    path("downswing/<int:pk>", downswing_acts.act, name="downswing_act"),
    path("downswing/helping", downswing_acts.add_line, name="add_line"),
    path("downswing/helping/<uuid:pk>", downswing_acts.change_line, name="change_line"),
    path("days/<date:wanted>", history.day, name="day"),
    path("check-ins/new", checkins.new, name="new_check_in"),
    path("check-ins/<uuid:pk>", checkins.check_in, name="check_in"),
    path("check-ins/<uuid:pk>/done", checkins.done, name="check_in_done"),
    path("check-ins/<uuid:pk>/delete", checkins.delete, name="delete_check_in"),
    path("check-ins/<uuid:pk>/restore", checkins.restore, name="restore_check_in"),
    path("tags", checkins.tag_box, name="tags"),
    path("tags/<uuid:pk>", checkins.change_tag, name="change_tag"),
    path("manifest.webmanifest", manifest.manifest, name="manifest"),
    path("healthz", health.healthz, name="healthz"),
    path("csp-report", health.csp_report, name="csp_report"),
    *account_urls.urlpatterns,
    *telling_urls.urlpatterns,
]
