"""The data folder: made so that only its owner can look in, and used by one Moodtide at a time."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from journal.launch.refusal import RefusalError


@dataclass(frozen=True)
class Home:
    """The data folder and the folders in it that the supervisor uses."""

    path: Path

    @property
    def run(self) -> Path:
        """What belongs to the present run: lock, addresses, schedules."""
        return self.path / "run"

    @property
    def secrets(self) -> Path:
        """What was drawn at random once and must not be seen."""
        return self.path / "secrets"

    @property
    def logs(self) -> Path:
        """What the parts had to say."""
        return self.path / "logs"

    def prepare(self) -> None:
        """Make the folders, and refuse if nothing can be written."""
        try:
            for folder in (self.path, self.run, self.secrets, self.logs):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                with tempfile.TemporaryFile(dir=folder):
                    pass
        except OSError as error:
            raise RefusalError(
                f"Moodtide can't write to its data folder {self.path} ({error.strerror}). "
                "Make it writable, or choose another: MOODTIDE_HOME=/path/to/folder make run"
            ) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the data folder, and refuse if another Moodtide holds it.

        The kernel lets go of the lock with the process, so a crash leaves none behind.
        """
        with (self.run / "lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RefusalError(
                    f"Moodtide is already running with the data folder {self.path}. "
                    "Stop it first, or give this one another: MOODTIDE_HOME=/path/to/folder make run"
                ) from error
            yield


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, and that is never seen half written."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    beside.replace(path)
