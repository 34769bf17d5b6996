"""Several workers and several callers at once: a message goes once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from journal.accounts.models import User
from journal.telling.courier import deliver
from journal.telling.models import Channel, Delivery, Kind, Message
from journal.telling.tell import Note, tell_many
from tests.mailserver import mail_server
from tests.pushservice import PushService
from tests.telling.conftest import give_address, give_receiver, opt_in, queue

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 6


def at_once(work: Callable[[], object]) -> list[object]:
    start = Barrier(TOGETHER)

    def run(_number: int) -> object:
        start.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(run, range(TOGETHER)))


def test_many_workers_send_a_notification_once(person: User, service: PushService) -> None:
    for name in ("phone", "desk"):
        give_receiver(person, service.browser(name))
    rows = queue(person)
    at_once(lambda: [deliver(row.pk) for row in rows])
    assert sorted(came.path for came in service.arrived) == ["/send/desk", "/send/phone"]
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_many_workers_send_a_letter_once(person: User, settings: Any) -> None:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
        give_address(person)
        [row] = queue(person, Channel.EMAIL)
        at_once(lambda: deliver(row.pk))
        assert len(server.letters) == 1


def test_many_callers_with_one_key_make_one_message(person: User, other: User) -> None:
    for somebody in (person, other):
        give_address(somebody)
        opt_in(somebody, Channel.EMAIL)
    notes = [Note(person.pk, "k", "/"), Note(other.pk, "k", "/")]
    made = at_once(lambda: tell_many(notes, kind=Kind.REMINDER))
    assert sum(int(str(number)) for number in made) == 2
    assert Message.objects.count() == Delivery.objects.count() == 2
