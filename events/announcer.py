"""Telling every process that there are new events.

A notification inside the append's transaction would make all commits queue behind one lock of
PostgreSQL's. So it is sent after the commit, on a connection of its own, and the commits of a
moment share one. It carries nothing: it only makes followers look. A lost one costs a poll.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import psycopg
import structlog
from structlog.typing import FilteringBoundLogger

from events.background import background
from events.bell import Bell
from events.database import Pool
from events.statements import statement

PAUSE = 0.01
"""Seconds between two notifications; all commits in between share one."""

_ANNOUNCE = statement("events", "announce")

_log: FilteringBoundLogger = structlog.get_logger()


class Announcer:
    """Rings this process's bell at once, and everybody else's through PostgreSQL soon after."""

    def __init__(self, pool: Pool, bell: Bell) -> None:
        self._pool = pool
        self._bell = bell
        self._committed = asyncio.Event()

    def committed(self) -> None:
        """Say that something was committed."""
        self._bell.ring()
        self._committed.set()

    async def run(self) -> None:
        """Pass on what was said, until cancelled."""
        while True:
            await self._committed.wait()
            self._committed.clear()
            try:
                async with self._pool.connection() as connection:
                    await connection.execute(_ANNOUNCE)
            except psycopg.Error as error:
                # Followers look by themselves; the next commit is announced again.
                _log.warning("announcer.failed", error=type(error).__name__)
            await asyncio.sleep(PAUSE)


@asynccontextmanager
async def open_announcer(pool: Pool, bell: Bell) -> AsyncGenerator[Announcer]:
    """Run an announcer."""
    announcer = Announcer(pool, bell)
    async with background(announcer.run(), name="announcer"):
        yield announcer
