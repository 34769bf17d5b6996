"""What the comparison can do without: packages of the extra ``compare``, and files that some of them carry."""

from __future__ import annotations

import importlib.util
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Final

EXTRA: Final = "pip install -e '.[compare]'"


class Unavailable(Exception):
    """An approach can't be tried here; the sentence says what it lacks."""


def need(module: str, package: str, how: str = EXTRA) -> None:
    """Raise ``Unavailable`` unless the module that ``package`` brings is installed."""
    if importlib.util.find_spec(module) is None:
        raise Unavailable(f"It needs {package}: {how}")


def file_of(package: str, suffix: str, how: str = EXTRA) -> Path:
    """The one file of an installed package whose name ends so, found without importing the package.

    Some of these packages can't be imported any more: they want ``pkg_resources``, which setuptools dropped.
    Raises ``Unavailable``.
    """
    try:
        held = [file for file in files(package) or [] if str(file).endswith(suffix)]
    except PackageNotFoundError:
        raise Unavailable(f"It needs {package}: {how}") from None
    if not held or not (path := Path(str(held[0].locate()))).is_file():
        raise Unavailable(f"{package} holds no file that ends with {suffix}.")
    return path
