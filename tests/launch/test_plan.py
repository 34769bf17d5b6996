"""Which worker takes from which queue."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from django.conf import settings

from journal.launch.home import Home
from journal.launch.options import Options
from journal.launch.plan import usual


def queues(tmp_path: Path) -> dict[str, list[str]]:
    plan = usual(Options.read({}, tmp_path), Home(tmp_path))
    found = {}
    for part in plan.workers:
        words = list(part.arguments)
        found[part.name] = words[words.index("--queues") + 1].split(",")
    return found


def test_every_queue_has_one_worker(tmp_path: Path) -> None:
    taken = Counter(queue for served in queues(tmp_path).values() for queue in served)
    routes = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    assert taken == dict.fromkeys(routes | {settings.CELERY_TASK_DEFAULT_QUEUE}, 1)


def test_whoever_waits_for_other_peoples_servers_holds_up_nothing_else(tmp_path: Path) -> None:
    assert queues(tmp_path)["telling"] == ["telling"]
    assert sum("telling" in served for served in queues(tmp_path).values()) == 1
