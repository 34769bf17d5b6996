from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.site import Site, Visitor, running


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site") / "home") as site:
        site.wait_until_reading()
        yield site


@pytest.fixture(scope="module")
def owner(site: Site) -> Visitor:
    visitor = Visitor(site.url)
    visitor.become_owner()
    return visitor
