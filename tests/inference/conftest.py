from __future__ import annotations

import pytest

from inference.pipeline import Pipeline
from tests.pictures import BUNDLE


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    return Pipeline.load(BUNDLE)
