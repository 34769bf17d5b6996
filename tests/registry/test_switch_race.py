"""Two administrators at once, in two connections: one wins, the other is told."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from journal.accounts.people import create_person
from journal.registry.champion import champion, switch
from journal.registry.models import Decision, ModelVersion
from journal.registry.refusal import VersionRefused
from journal.registry.shipped import register_shipped
from tests.bundles import approved


@pytest.mark.django_db(transaction=True)
def test_two_at_once() -> None:
    person = create_person("ada", "a quiet tide at noon")
    shipped = register_shipped()
    rivals = [approved("first", person.pk), approved("second", person.pk, seed=1)]
    start = threading.Barrier(2)

    def attempt(version: ModelVersion) -> str:
        try:
            start.wait(10)
            switch(version, person.pk, "Mine is better.", shipped.pk)
        except VersionRefused as error:
            return error.code
        finally:
            connection.close()
        return version.name

    with ThreadPoolExecutor(2) as pool:
        ends = set(pool.map(attempt, rivals))
    assert ends == {"overtaken", champion().name}
    assert Decision.objects.exclude(instead_of=None).count() == 1
