"""A real broker and a real worker: a message arrives once, whatever happens to them."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pushservice import PushService, push_service
from tests.site import Site, Visitor, eventually, running

pytestmark = pytest.mark.stack
PAGE = "/settings/reminders"


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with push_service() as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site") / "home", PUSH_PRIVATE="1") as site:
        yield site


@pytest.fixture(scope="module")
def owner(site: Site, service: PushService) -> Visitor:
    """Somebody with one open browser."""
    visitor = Visitor(site.url)
    visitor.become_owner()
    assert visitor.post(f"{PAGE}/browsers", service.browser().fields).status == 200
    return visitor


def ask_for_a_test(owner: Visitor) -> None:
    assert "On its way" in owner.post(f"{PAGE}/test", {"channel": "push"}).text


def has_arrived(owner: Visitor, service: PushService, number: int) -> None:
    eventually(lambda: len(service.arrived) >= number, 90, "the message never came")
    eventually(lambda: "Sent." in owner.get(f"{PAGE}/test/result").text, 30, "the page never said so")
    assert service.asked == number


def test_a_message_arrives_within_seconds(owner: Visitor, service: PushService) -> None:
    ask_for_a_test(owner)
    has_arrived(owner, service, 1)


def test_a_flushed_broker_loses_nothing_and_doubles_nothing(site: Site, owner: Visitor, service: PushService) -> None:
    worker = site.part("telling@")
    assert worker is not None
    worker.send_signal(signal.SIGSTOP)
    ask_for_a_test(owner)
    with site.redis as client:
        client.flushall()
    worker.send_signal(signal.SIGCONT)
    has_arrived(owner, service, 2)


def test_a_worker_that_is_killed_before_it_heard_loses_nothing(
    site: Site, owner: Visitor, service: PushService
) -> None:
    worker = site.part("telling@")
    assert worker is not None
    worker.send_signal(signal.SIGSTOP)
    ask_for_a_test(owner)
    worker.kill()
    has_arrived(owner, service, 3)


def test_the_key_is_a_secret_of_the_data_folder(site: Site) -> None:
    key = Path(site.home / "secrets" / "push.key")
    assert key.stat().st_mode & 0o777 == 0o600
