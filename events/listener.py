"""Hearing from other processes that there are new events."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from enum import StrEnum

import psycopg
import structlog

from events.background import background
from events.bell import Bell
from events.statements import statement

SELF_CHECK = 5.0
"""Seconds of silence after which a listener calls itself, to be sure that it would hear."""

ANSWER_TIME = 2.0
"""Seconds in which it must hear its own call."""

RECONNECT_PAUSE = 1.0
"""Seconds between attempts to get a lost listener back."""

_LISTEN = statement("events", "listen")
_ANNOUNCE = statement("events", "announce")

log = structlog.stdlib.get_logger()


class Hearing(StrEnum):
    """How new events are learnt of."""

    LISTENING = "listening"
    """Within moments: notifications arrive."""
    POLLING = "polling"
    """Within a poll interval: connected, but a pooler swallows notifications."""
    LOST = "lost"
    """Within a poll interval: no connection; one is being sought."""


class Listener:
    """Rings this process's bell when another process announces; one connection, kept alive.

    Attributes:
        hearing: How well it hears right now, for the health report.
        lost: How often a connection was lost.
    """

    def __init__(self, url: str, bell: Bell) -> None:
        self._url = url
        self._bell = bell
        self.hearing = Hearing.LOST
        self.lost = 0

    async def run(self) -> None:
        """Listen until cancelled, whatever happens to the connection."""
        while True:
            try:
                await self._listen()
            except psycopg.OperationalError:
                self.lost += 1
                log.warning("listener.lost", times=self.lost)
            self.hearing = Hearing.LOST
            await asyncio.sleep(RECONNECT_PAUSE)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, application_name="taskfold-listener"
        )
        async with connection:
            await connection.execute(_LISTEN)
            while True:
                # Whatever was announced while nobody listened is found by looking once.
                self._bell.ring()
                await self._check(connection)
                while await self._hear(connection, SELF_CHECK):
                    self._bell.ring()

    async def _check(self, connection: psycopg.AsyncConnection) -> None:
        await connection.execute(_ANNOUNCE)
        heard = await self._hear(connection, ANSWER_TIME)
        self.hearing = Hearing.LISTENING if heard else Hearing.POLLING

    @staticmethod
    async def _hear(connection: psycopg.AsyncConnection, within: float) -> bool:
        async for _ in connection.notifies(timeout=within, stop_after=1):
            return True
        return False


@asynccontextmanager
async def open_listener(url: str, bell: Bell) -> AsyncGenerator[Listener]:
    """Run a listener.

    Args:
        url: A connection URL, direct if possible: a transaction pooler swallows notifications.
        bell: What to ring.
    """
    listener = Listener(url, bell)
    async with background(listener.run(), name="listener"):
        yield listener
