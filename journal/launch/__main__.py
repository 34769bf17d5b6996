"""``python -m journal.launch``: start Moodtide and stay until it is stopped."""

from __future__ import annotations

import asyncio
import os
import sys

from journal.launch import broker, plan
from journal.launch.guardian import Guardian
from journal.launch.home import Home, write_private
from journal.launch.options import Options
from journal.launch.port import require_free
from journal.launch.process import Launcher
from journal.launch.refusal import RefusalError
from journal.launch.supervise import Supervisor
from journal.launch.tree import Tree


def start(options: Options, home: Home, tree: Tree) -> None:
    """Run Moodtide with these choices until it is asked to stop."""
    embedded = None if options.redis_url else broker.choose(home)
    redis_url = embedded.url if embedded else options.redis_url
    # For `manage.py reset_link` in another shell, whose environment doesn't know the address.
    write_private(home.run / "public.url", options.public_url)
    environment = {**os.environ, **options.settings(), "REDIS_URL": redis_url, "PYTHONUNBUFFERED": "1"}
    try:
        with Guardian() as guardian:
            launcher = Launcher(tree.root, environment, guardian)
            asyncio.run(supervise(options, home, launcher, embedded))
    finally:
        broker.address_file(home).unlink(missing_ok=True)


async def supervise(options: Options, home: Home, launcher: Launcher, embedded: broker.Broker | None) -> None:
    """Supervise the usual plan on a running loop."""
    await Supervisor(options, home, plan.usual(options, home), launcher).run(embedded)


def main() -> int:
    """Start Moodtide, or say in a sentence why not."""
    tree = Tree.here()
    try:
        options = Options.read(os.environ, tree.root)
        home = Home(options.home)
        home.prepare()
        with home.locked():
            require_free(options.bind, options.port)
            start(options, home, tree)
    except RefusalError as refusal:
        print(refusal, file=sys.stderr)
        return refusal.code
    return 0


if __name__ == "__main__":
    sys.exit(main())
