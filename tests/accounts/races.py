"""Several at once. ``python -m tests.accounts.races NAME`` runs one on the database of the settings."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable

import django

PASSWORD = "correct horse battery"
Outcome = tuple[list[str], int]


def at_once(work: Callable[[int], object], number: int = 4) -> list[str]:
    """Run ``work`` in threads that start together; return what became of each, sorted."""
    from django.db import connection

    from journal.accounts.invitations import InvitationDead
    from journal.accounts.people import OwnerExists

    start, outcomes = threading.Barrier(number), []

    def run(index: int) -> None:
        start.wait()
        try:
            work(index)
            outcomes.append("won")
        except (OwnerExists, InvitationDead) as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def first_visits() -> Outcome:
    from journal.accounts.models import User
    from journal.accounts.people import create_owner

    return at_once(lambda index: create_owner(f"p{index}", PASSWORD)), User.objects.count()


def joining() -> Outcome:
    from journal.accounts.invitations import invite, redeem
    from journal.accounts.models import User
    from journal.accounts.people import create_owner

    token = invite(create_owner("mira", PASSWORD)).token
    return at_once(lambda index: redeem(token, f"p{index}", PASSWORD)), User.objects.count()


def first_seals() -> Outcome:
    from journal.accounts.models import DataKey
    from journal.accounts.people import create_owner
    from journal.accounts.seal import Place, seal, unseal

    owner, place = create_owner("mira", PASSWORD), Place("t", "1", "f")
    sealed: list[bytes] = []
    outcomes = at_once(lambda index: sealed.append(seal(owner, b"a face", place)))
    assert {unseal(owner, value, place) for value in sealed} == {b"a face"}
    return outcomes, DataKey.objects.count()


RACES = {race.__name__: race for race in (first_visits, joining, first_seals)}

if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    json.dump(RACES[sys.argv[1]](), sys.stdout)
