"""A web process stays small: what it must never load, and how much it may weigh."""

from __future__ import annotations

import subprocess
import sys
import textwrap

HEAVY = ("torch", "torchvision", "cv2", "facenet_pytorch", "matplotlib")
# What sends messages is the workers' own; a web process needn't carry it.
WORKERS_OWN = ("pywebpush", "aiohttp", "requests")


def test_every_address_and_task_loads_without_the_heavy_libraries() -> None:
    code = f"""
        import django, os, pkgutil, importlib, sys
        os.environ["DJANGO_SETTINGS_MODULE"] = "journal.settings"
        django.setup()
        from django.urls import get_resolver
        assert get_resolver().url_patterns
        import journal.wsgi
        assert not set(sys.modules) & set({WORKERS_OWN!r})
        from journal.celery import app
        app.loader.import_default_modules()
        assert "journal.readings.tasks.analyse_snapshot" in app.tasks, sorted(app.tasks)
        print(sorted(set(sys.modules) & set({HEAVY!r})))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
