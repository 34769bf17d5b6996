"""Where data lies: a folder or a zip file, read alike."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Protocol


class DataError(ValueError):
    """The data is not what its format promises; the sentence names the file and, where there is one, the row."""


class MissingSplit(DataError):
    """The layout is known, but it holds no such split."""


class Source(Protocol):
    """Files by their names relative to the root, with ``/`` between the parts."""

    def read(self, name: str) -> bytes: ...

    def has(self, name: str) -> bool: ...

    def names(self) -> list[str]: ...


class FolderSource:
    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def has(self, name: str) -> bool:
        return (self.root / name).is_file()

    def names(self) -> list[str]:
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file())


class ZipSource:
    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path)
        self.known = frozenset(self.archive.namelist())

    def read(self, name: str) -> bytes:
        return self.archive.read(name)

    def has(self, name: str) -> bool:
        return name in self.known

    def names(self) -> list[str]:
        return sorted(name for name in self.known if not name.endswith("/"))


def open_source(path: Path) -> Source:
    if path.is_dir():
        return FolderSource(path)
    if zipfile.is_zipfile(path):
        return ZipSource(path)
    raise DataError(f"{path} is neither a folder nor a zip file.")
