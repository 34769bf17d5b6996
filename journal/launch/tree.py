"""Where things lie in a checkout."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Tree:
    """A checkout and the places in it that set-up makes."""

    root: Path

    @classmethod
    def here(cls) -> Tree:
        """Return the checkout that this file belongs to."""
        return cls(Path(__file__).resolve().parents[2])

    @property
    def pyproject(self) -> Path:
        """The one place that pins packages."""
        return self.root / "pyproject.toml"

    @property
    def venv(self) -> Path:
        """The environment that everything runs in."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The environment's Python."""
        return self.venv / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Where the environment keeps its packages."""
        return self.venv / "lib" / "python3.11" / "site-packages"

    @property
    def frontend(self) -> Path:
        """The sources of the pages' scripts and styles."""
        return self.root / "journal" / "web" / "frontend"

    @property
    def built(self) -> Path:
        """What the front end's build writes."""
        return self.root / "journal" / "web" / "static" / "web" / "build"

    def clean(self) -> None:
        """Remove what set-up and the tools made; never the data folder."""
        caches = [".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"]
        made = [self.venv, self.frontend / "node_modules", self.built, *(self.root / name for name in caches)]
        for folder in [*made, *self.root.glob("*.egg-info")]:
            if folder.exists():
                shutil.rmtree(folder)
