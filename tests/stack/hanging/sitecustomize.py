"""Put on PYTHONPATH by a test: makes the pipeline hang on magenta pictures, as a hostile picture might."""

from __future__ import annotations

import sys
import time
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any


class Hook(MetaPathFinder):
    """Wraps the loading of ``inference.pipeline``, and of nothing else."""

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != "inference.pipeline":
            return None
        spec = PathFinder.find_spec(name, path, target)
        assert spec is not None
        assert spec.loader is not None
        load = spec.loader.exec_module

        def load_and_spoil(module: ModuleType) -> None:
            load(module)
            spoil(module)

        spec.loader.exec_module = load_and_spoil  # type: ignore[method-assign]
        return spec


def spoil(module: ModuleType) -> None:
    real = module.decode

    def decode(data: bytes, **options: Any) -> Any:
        picture = real(data, **options)
        red, green, blue = picture.reshape(-1, 3).mean(axis=0)
        if red > 200 and blue > 200 and green < 60:
            time.sleep(3600)
        return picture

    module.decode = decode


sys.meta_path.insert(0, Hook())
