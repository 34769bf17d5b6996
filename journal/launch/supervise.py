"""The supervisor: starts the parts in order, keeps them running, and leaves nothing behind when it stops."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from journal.launch import broker
from journal.launch.answer import until, web_answers
from journal.launch.home import Home
from journal.launch.keeper import Keeper, Part
from journal.launch.lines import Lines, show
from journal.launch.options import Options
from journal.launch.plan import Plan
from journal.launch.process import Launcher
from journal.launch.refusal import RefusalError
from journal.launch.signals import on_request_to_stop

STOP_SECONDS = 8.0
BROKER_SECONDS = 10.0
# The web server starts alone: workers are slow to load and would hold up the first page.
HEAD_START = 5.0


class Supervisor:
    """One run of a plan, from the first part's start to the last one's end."""

    def __init__(self, options: Options, home: Home, plan: Plan, launcher: Launcher) -> None:
        self._options, self._home, self._plan, self._launcher = options, home, plan, launcher
        self._news = Lines("moodtide", home.logs)
        self._logs = [self._news]
        self._web: list[Keeper] = []
        self._workers: list[Keeper] = []
        self._broker: list[Keeper] = []
        self._stopping = False

    async def run(self, embedded: broker.Broker | None) -> None:
        """Start everything and keep it running until a signal asks to stop."""
        self._listen()
        try:
            await self._start(embedded)
            await self._watch()
        except asyncio.CancelledError:
            self._news.write("Stopping.")
        finally:
            self._stopping = True
            await self._stop()

    def _listen(self) -> None:
        task = asyncio.current_task()
        assert task is not None

        def interrupted() -> None:
            if self._stopping:
                self._kill()
            else:
                self._stopping = True
                task.cancel()

        on_request_to_stop(interrupted)

    async def _start(self, embedded: broker.Broker | None) -> None:
        if self._plan.broker:
            self._broker.append(self._keep(self._plan.broker))
        await self._prepare()
        if embedded and not await until(embedded.answers, BROKER_SECONDS):
            raise RefusalError(f"The broker does not start; {self._home.logs / 'broker.log'} says why.", code=1)
        self._news.write("Starting the web server and the workers.")
        self._web.append(self._keep(self._plan.web))
        await until(self._web_answers, HEAD_START)
        self._workers.extend(self._keep(part) for part in self._plan.workers)
        await until(self._web_answers, float("inf"))
        show(f"\n  Moodtide is ready at {self._options.public_url}\n  Press Ctrl-C to stop.\n")

    async def _prepare(self) -> None:
        self._news.write("Preparing the database.")
        if await self._launcher.run(self._plan.prepare, self._open_log("prepare")):
            raise RefusalError("Moodtide could not be prepared, as said above.", code=1)

    async def _web_answers(self) -> bool:
        self._hear_failures()
        # A server that listens everywhere is asked where it is nearest.
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._options.bind, self._options.bind)  # noqa: S104
        return await web_answers(host, self._options.port, urlsplit(self._options.public_url).netloc)

    def _keep(self, part: Part) -> Keeper:
        return Keeper(part, self._launcher, self._open_log(part.name, part.echo), self._news)

    def _open_log(self, name: str, echo: bool = True) -> Lines:
        self._logs.append(Lines(name, self._home.logs, echo))
        return self._logs[-1]

    def _keepers(self) -> list[Keeper]:
        return [*self._web, *self._workers, *self._broker]

    async def _watch(self) -> None:
        tasks = [keeper.task for keeper in self._keepers()]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        self._hear_failures()

    def _hear_failures(self) -> None:
        """Raise what made a keeper fail: until the stop, none ends by itself."""
        for keeper in self._keepers():
            if keeper.task.done():
                keeper.task.result()

    async def _stop(self) -> None:
        deadline = asyncio.get_running_loop().time() + STOP_SECONDS
        # The web server first, so that nothing new comes in; the broker when nobody rings any more.
        for tier in (self._web, self._workers, self._broker):
            await asyncio.gather(*(keeper.stop(deadline) for keeper in tier))
        for log in self._logs:
            log.close()

    def _kill(self) -> None:
        for keeper in self._keepers():
            keeper.kill()
