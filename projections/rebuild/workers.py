"""Helping with a rebuild from processes of their own, so that it takes as many cores as given."""

import asyncio
import os
import signal
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process

import psycopg

from events.database import open_pool
from events.errors import EventLogError
from projections.errors import ProjectionError
from projections.rebuild.rebuild import Rebuild
from projections.rebuild.throttle import Throttle
from projections.registry import PROJECTIONS

CONNECTIONS = 2
"""Connections a worker needs: one holds the range it works on, one reads at one instant."""

END = 5.0
"""Seconds a worker has to end before it is killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What a worker needs to know.

    Attributes:
        url: Where the database is; handed over in memory, since it may hold a password.
        name: Which projection is being rebuilt.
        rate: Events a second it may go through; None for as many as it can.
        prepared_statements: Whether the database, or a pooler before it, knows them.
    """

    url: str
    name: str
    rate: float | None = None
    prepared_statements: bool = True


@contextmanager
def workers(count: int, help_: Help) -> Generator[None]:
    """Have processes help with a rebuild until the end of the block."""
    # Started anew instead of forked: a copy of an event loop and its connections is of no use.
    context = get_context("spawn")
    processes = [context.Process(target=work, args=(help_,), daemon=True) for _ in range(count)]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(END)
            process.kill()
            process.join()
            process.close()


def work(help_: Help) -> None:
    """Help until nothing is to be rebuilt any more, or whoever asked for it is gone."""
    # Control-C reaches every process of a terminal; whoever has started this one ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_work(help_))


async def _work(help_: Help) -> None:
    if parent := parent_process():
        asyncio.get_running_loop().add_reader(parent.sentinel, os._exit, 1)
    async with open_pool(
        help_.url, size=CONNECTIONS, prepared_statements=help_.prepared_statements
    ) as pool:
        rebuild = Rebuild(
            pool=pool, projection=PROJECTIONS[help_.name], throttle=Throttle(help_.rate)
        )
        # What stands in the way of one stands in the way of all: the process that was asked to
        # rebuild meets it too, and says it.
        with suppress(ProjectionError, EventLogError, psycopg.Error):
            await rebuild.help()
