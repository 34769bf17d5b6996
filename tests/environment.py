"""A pytest plugin that is loaded before the settings: tests never touch the installation's own data folder."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_home = tempfile.TemporaryDirectory(prefix="moodtide-tests-")
os.environ["MOODTIDE_HOME"] = _home.name
(Path(_home.name) / "static").mkdir()  # what `manage.py prepare` would fill
os.environ.pop("PUBLIC_URL", None)
os.environ["PORT"] = "8000"
# Nothing listens there: a test that needs a broker starts one.
os.environ["REDIS_URL"] = "redis://127.0.0.1:1/0"
os.environ["STATIC_MANIFEST"] = "0"
