"""Several at once: one wins, the others are told, and nothing is doubled or lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.accounts.races import RACES, Outcome

ROOT = Path(__file__).parents[2]


def on_a_file(race: str, home: Path) -> Outcome:
    """Run it on a database file, as a real site has it; the tests' own is in memory, and locks differently."""
    environment = {**os.environ, "MOODTIDE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "journal.settings"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "tests.accounts.races", race]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    outcomes, rows = json.loads(done.stdout)
    return outcomes, rows


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("race", "expected"),
    [
        ("first_visits", (["OwnerExists"] * 3 + ["won"], 1)),
        ("joining", (["InvitationDead"] * 3 + ["won"], 2)),
        ("first_seals", (["won"] * 4, 1)),
    ],
)
def test_at_once(race: str, expected: Outcome, tmp_path: Path) -> None:
    outcome = on_a_file(race, tmp_path) if connection.vendor == "sqlite" else RACES[race]()
    assert outcome == expected
