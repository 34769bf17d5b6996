from __future__ import annotations

import pytest
import torch


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Networks this small are slower with more: the threads wait for one another."""
    torch.set_num_threads(1)
