"""Several workers at once: one low stretch, one message."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.accounts.races import Outcome
from tests.downswings.races import RACES

ROOT = Path(__file__).parents[2]


def on_a_file(race: str, home: Path) -> Outcome:
    """Run it on a database file, as a real site has it."""
    environment = {**os.environ, "MOODTIDE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "journal.settings"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "tests.downswings.races", race]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    outcomes, rows = json.loads(done.stdout)
    return outcomes, rows


@pytest.mark.django_db(transaction=True)
def test_four_workers_open_one_stretch(tmp_path: Path) -> None:
    outcome = on_a_file("following", tmp_path) if connection.vendor == "sqlite" else RACES["following"]()
    assert outcome == (["won"] * 4, 1)
