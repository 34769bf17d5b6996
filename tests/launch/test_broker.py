"""The embedded broker: behind a password that nobody can see, and back on the same port if it dies."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import redis

from journal.launch import broker
from journal.launch.answer import ask, until
from journal.launch.guardian import Guardian
from journal.launch.home import Home
from journal.launch.keeper import Keeper, Part
from journal.launch.lines import Lines
from journal.launch.process import Launcher


@asynccontextmanager
async def running(home: Home) -> AsyncIterator[broker.Broker]:
    """A broker that is kept running."""
    chosen = broker.choose(home)
    lines, news = Lines("broker", home.logs), Lines("moodtide", home.logs)
    with Guardian() as guardian:
        keeper = Keeper(Part("broker", broker.command(home)), Launcher(home.path, {}, guardian), lines, news)
        try:
            assert await until(chosen.answers, 60)
            yield chosen
        finally:
            await keeper.stop(0)
            lines.close()
            news.close()


def run_id(chosen: broker.Broker) -> str:
    """Return what is different in every run of a broker."""
    with redis.Redis.from_url(chosen.url) as client:
        return str(client.info("server")["run_id"])


def test_it_refuses_whoever_has_no_password(home: Home) -> None:
    async def scenario() -> None:
        async with running(home) as chosen:
            assert "NOAUTH" in await ask("127.0.0.1", chosen.port, "PING\r\n")
            assert not await replace(chosen, password="guess").answers()

    asyncio.run(scenario())


def test_it_comes_back_where_it_was(home: Home) -> None:
    async def scenario() -> None:
        async with running(home) as chosen:
            before = run_id(chosen)
            with redis.Redis.from_url(chosen.url) as client:
                client.shutdown(nosave=True)
            assert await until(chosen.answers, 60)
            assert run_id(chosen) != before

    asyncio.run(scenario())


def test_its_password_is_in_private_files_alone(home: Home) -> None:
    chosen = broker.choose(home)
    assert chosen.password not in " ".join(broker.command(home))
    assert chosen.password not in repr(chosen)
    files = [home.secrets / "broker.password", home.run / "valkey.conf", broker.address_file(home)]
    for file in files:
        assert chosen.password in file.read_text()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_its_password_stays_the_same(home: Home) -> None:
    assert broker.choose(home).password == broker.choose(home).password
