"""The data folder is private and has one user, and a start that can't work says why in a sentence."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from journal.launch.home import Home, write_private
from journal.launch.port import require_free
from journal.launch.refusal import RefusalError
from journal.launch.tree import Tree

ROOT = Tree.here().root


@pytest.fixture
def busy_port() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def start(home: Path, port: int) -> subprocess.CompletedProcess[str]:
    """Start Moodtide as `make run` does."""
    environment = {**os.environ, "MOODTIDE_HOME": str(home), "PORT": str(port)}
    return subprocess.run(
        [sys.executable, "-m", "journal.launch"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_can_look_in(home: Home) -> None:
    assert {mode(folder) for folder in (home.path, home.run, home.secrets, home.logs)} == {0o700}


def test_a_private_file_is_private_even_where_an_open_one_was(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")
    assert (path.read_text(), mode(path)) == ("new", 0o600)


def test_a_folder_that_cannot_be_written_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = start(tmp_path / "file" / "var", 8000)
    assert (result.returncode, result.stdout) == (2, "")
    (sentence,) = result.stderr.splitlines()
    assert f"can't write to its data folder {tmp_path}/file/var" in sentence


def test_a_busy_port_ends_the_start_with_a_sentence(tmp_path: Path, busy_port: int) -> None:
    result = start(tmp_path / "var", busy_port)
    assert (result.returncode, result.stdout) == (2, "")
    (sentence,) = result.stderr.splitlines()
    assert f"Port {busy_port} is already in use" in sentence
    assert "make run" in sentence


def test_a_second_moodtide_on_the_same_folder_ends_with_a_sentence(home: Home, busy_port: int) -> None:
    with home.locked():
        result = start(home.path, busy_port)
    assert (result.returncode, result.stdout) == (2, "")
    (sentence,) = result.stderr.splitlines()
    assert f"already running with the data folder {home.path}" in sentence


def test_the_folder_is_free_again_afterwards(home: Home) -> None:
    with home.locked(), pytest.raises(RefusalError), home.locked():
        pass
    with home.locked():
        pass


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(RefusalError, match=r"BIND is '192\.0\.2\.1'"):
        require_free("192.0.2.1", 8000)


def test_what_the_site_writes_is_private_also_in_a_folder_with_open_doors(tmp_path: Path) -> None:
    home = tmp_path / "open?# doors"
    home.mkdir(mode=0o755)
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"MOODTIDE_HOME": str(home)}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)
    database = home / "moodtide.sqlite3"
    assert database.stat().st_mode & 0o077 == 0
    assert not list(tmp_path.glob("open")), "the name was cut off at the question mark"


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, "https://mood.example.org"),
        ({"PORT": "8123"}, "http://localhost:8123"),
        ({"PUBLIC_URL": "https://tide.example.org/"}, "https://tide.example.org"),
    ],
)
def test_links_carry_the_address_of_the_last_start(tmp_path: Path, environment: dict[str, str], url: str) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "public.url").write_text("https://mood.example.org")
    clean = {k: v for k, v in os.environ.items() if k not in ("PORT", "PUBLIC_URL")}
    done = subprocess.run(
        [sys.executable, "-c", "from journal.settings import PUBLIC_URL; print(PUBLIC_URL)"],
        cwd=ROOT, env=clean | {"MOODTIDE_HOME": str(tmp_path)} | environment,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == url
