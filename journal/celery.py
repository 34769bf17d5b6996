"""Celery: the doorbell. The rows are the truth; see journal/snapshots/claim.py."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "journal.settings")
app = Celery("moodtide")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
