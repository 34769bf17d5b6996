"""Celery: the doorbell. The rows are the truth; see journal/snapshots/claim.py."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import task_postrun, task_prerun
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "journal.settings")
app = Celery("moodtide")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A connection is kept from message to message, unless it is too old or broken.
task_prerun.connect(close_old_connections)
task_postrun.connect(close_old_connections)
