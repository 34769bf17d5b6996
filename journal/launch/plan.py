"""Which commands make a Moodtide, as a value: the supervisor runs any plan, tests give it small ones."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from journal.launch import broker
from journal.launch.home import Home
from journal.launch.keeper import Part
from journal.launch.options import Options

# Seconds a page may go on being served, and its browser's connection may stay open for the next question.
GRACE, KEEP_ALIVE = 3, 15


@dataclass(frozen=True)
class Plan:
    """The command that prepares, the parts that run; ``broker`` is None when the operator names one."""

    prepare: Sequence[str]
    broker: Part | None
    web: Part
    workers: Sequence[Part]


def usual(options: Options, home: Home) -> Plan:
    """Return the plan of a Moodtide."""
    return Plan(
        prepare=[sys.executable, "manage.py", "prepare"],
        # Its lines are for whoever looks for a fault, not for everyday.
        broker=None if options.redis_url else Part("broker", broker.command(home), echo=False),
        web=Part("web", web(options)),
        workers=[
            Part("inference", worker("inference", ["inference"], "--pool", "solo", "--concurrency", "1")),
            # Checks new versions and reads along in trials, at the lowest priority and with nothing heavy until asked.
            Part("shadow", worker("shadow", ["shadow"], "--pool", "solo", "--concurrency", "1")),
            Part("default", worker("default", ["default"], "--pool", "threads", "--concurrency", "4", *beat(home))),
            # Waits for mail servers and push services; slow ones hold up other messages and nothing else.
            Part("telling", worker("telling", ["telling"], "--pool", "threads", "--concurrency", "2")),
        ],
    )


def web(options: Options) -> list[str]:
    """Return the command of the web server; its many threads wait cheaply for browsers that poll."""
    host = f"[{options.bind}]" if ":" in options.bind else options.bind
    return [
        *(sys.executable, "-m", "gunicorn", "journal.wsgi:application"),
        *("--bind", f"{host}:{options.port}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
        *("--keep-alive", str(KEEP_ALIVE), "--graceful-timeout", str(GRACE)),
        *("--log-level", "warning", "--no-control-socket"),
    ]


def worker(name: str, queues: Sequence[str], *manner: str) -> list[str]:
    """Return the command of the worker for some queues; alone in its kind, it has nobody to gossip with."""
    return [
        *(sys.executable, "-m", "celery", "--quiet", "--app", "journal", "worker"),
        *("--queues", ",".join(queues), "--hostname", f"{name}@%h", "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", *manner),
    ]


def beat(home: Home) -> list[str]:
    """Return the arguments that make a worker also ring what is due by the clock."""
    return ["--beat", "--schedule", str(home.run / "beat-schedule")]
