"""Hearing from other processes that there are new events."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from enum import StrEnum

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from events.background import background
from events.bell import Bell
from events.database import Pool, conninfo
from events.statements import statement

SELF_CHECK = 5.0
"""Seconds of silence after which a listener is called, to be sure that it would hear."""

ANSWER_TIME = 2.0
"""Seconds in which it must hear that call."""

CONNECT_TIME = 10.0
"""Seconds in which a connection must be had, finding its host included."""

RECONNECT_PAUSE = 1.0
"""Seconds between attempts to get a lost listener back."""

DEAF_PAUSE = 30.0
"""Seconds between attempts where a pooler swallows notifications: each may leave a LISTEN there."""

_LISTEN = statement("events", "listen")
_ANNOUNCE = statement("events", "announce")

log = structlog.stdlib.get_logger()


class Hearing(StrEnum):
    """How new events are learnt of."""

    LISTENING = "listening"
    """Within moments: notifications arrive."""
    POLLING = "polling"
    """Within a poll interval: a pooler swallows notifications."""
    LOST = "lost"
    """Within a poll interval: no connection; one is being sought."""


class Listener:
    """Rings this process's bell when another process announces; one connection, kept alive.

    Attributes:
        hearing: How well it hears right now, for the health report.
        lost: How often a connection was lost.
    """

    def __init__(self, url: str, pool: Pool, bell: Bell) -> None:
        self._conninfo = conninfo(url, application_name="taskfold-listener")
        self._pool = pool
        self._bell = bell
        self.hearing = Hearing.LOST
        self.lost = 0

    async def run(self) -> None:
        """Listen until cancelled, whatever happens to the connection."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, TimeoutError) as error:
                self.hearing = Hearing.LOST
                self.lost += 1
                log.warning("listener.lost", times=self.lost, error=type(error).__name__)
                await asyncio.sleep(RECONNECT_PAUSE)
            else:
                self.hearing = Hearing.POLLING
                log.info("listener.deaf", again_in=DEAF_PAUSE)
                await asyncio.sleep(DEAF_PAUSE)

    async def _listen(self) -> None:
        """Ring for what is heard; ends where nothing can be heard at all.

        Raises:
            TimeoutError: It heard, and does so no longer.
        """
        async with asyncio.timeout(CONNECT_TIME):
            connection = await psycopg.AsyncConnection.connect(
                self._conninfo, autocommit=True, prepare_threshold=None
            )
        async with connection:
            await connection.execute(_LISTEN)
            while await self._hears(connection):
                while await self._hear(connection, SELF_CHECK):
                    pass
        if self.hearing is Hearing.LISTENING:
            raise TimeoutError

    async def _hears(self, connection: psycopg.AsyncConnection) -> bool:
        # Whatever was announced while nobody listened is found by looking once.
        self._bell.ring()
        try:
            # From another connection: a pooler may hand on what was sent through this one alone.
            async with self._pool.connection(ANSWER_TIME) as other, asyncio.timeout(ANSWER_TIME):
                await other.execute(_ANNOUNCE)
        except PoolTimeout:
            # All are busy. That nobody could call says nothing of who listens.
            return True
        return await self._hear(connection, ANSWER_TIME)

    async def _hear(self, connection: psycopg.AsyncConnection, within: float) -> bool:
        # To its end: left half way, the generator would hold the connection's lock until collected.
        heard = [note async for note in connection.notifies(timeout=within, stop_after=1)]
        if heard:
            self.hearing = Hearing.LISTENING
            self._bell.ring()
        return bool(heard)


@asynccontextmanager
async def open_listener(url: str, pool: Pool, bell: Bell) -> AsyncGenerator[Listener]:
    """Run a listener.

    Args:
        url: A connection URL, direct if possible: a transaction pooler swallows notifications.
        pool: From where it is called, to see whether it hears.
        bell: What to ring.
    """
    listener = Listener(url, pool, bell)
    async with background(listener.run(), name="listener"):
        yield listener
