"""Several workers at once: one low stretch, one message; and whatever its person says meanwhile counts."""

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


def run(race: str, home: Path) -> Outcome:
    return on_a_file(race, home) if connection.vendor == "sqlite" else RACES[race]()


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
    assert run("following", tmp_path) == (["won"] * 4, 1)


@pytest.mark.django_db(transaction=True)
def test_a_stretch_that_is_dismissed_while_it_is_followed_stays_dismissed(tmp_path: Path) -> None:
    assert run("dismissing", tmp_path) == (["kept"], 1)


@pytest.mark.django_db(transaction=True)
def test_an_answer_to_a_stretch_that_is_just_edited_away_is_kept_or_refused(tmp_path: Path) -> None:
    assert run("answering", tmp_path) == (["true"], 0)
