"""Watching where many users' logs stand, so that only those who follow one that moved are woken.

The bell rings for everybody's commits. If each of a thousand streams looked for itself, one commit
would cost a thousand reads; so one look, at the heads alone, finds whose log has moved.
"""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import psycopg
import structlog
from psycopg.rows import tuple_row
from structlog.typing import FilteringBoundLogger

from events.background import background
from events.bell import Bell, heard
from events.database import Pool
from events.follower import POLL_INTERVAL
from events.statements import statement

PAUSE = 0.01
"""Seconds between two looks; all commits in between share one."""

_MOVED_LOGS = statement("events", "moved_logs")

_log: FilteringBoundLogger = structlog.get_logger()


@dataclass(slots=True)
class _Watched:
    bell: Bell = field(default_factory=Bell)
    sequence: int = -1  # never looked at, so the first look rings, whatever it finds
    followers: int = 0


class LogWatch:
    """Rings a bell of each log that has moved; one statement looks at all of them."""

    def __init__(self, pool: Pool, bell: Bell) -> None:
        self._pool = pool
        self._bell = bell
        self._watched: dict[str, _Watched] = {}

    @contextmanager
    def follow(self, user_id: str) -> Generator[Bell]:
        """Give the bell of a user's log, which rings after anything is appended to it."""
        watched = self._watched.setdefault(user_id, _Watched())
        watched.followers += 1
        try:
            yield watched.bell
        finally:
            watched.followers -= 1
            if not watched.followers:
                del self._watched[user_id]

    def wake(self) -> None:
        """Ring for everybody, whether or not their log has moved."""
        for watched in self._watched.values():
            watched.bell.ring()

    async def run(self) -> None:
        """Look whenever somebody commits, and now and then without, until cancelled."""
        while True:
            ring = self._bell.listen()
            if self._watched:
                await self._look_if_connected()
                await asyncio.sleep(PAUSE)
            await heard(ring, within=POLL_INTERVAL)

    async def _look_if_connected(self) -> None:
        try:
            await self._look()
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            if self._pool.closed:
                raise
            _log.warning("log_watch.disconnected", error=type(error).__name__)

    async def _look(self) -> None:
        asked = {
            "user_ids": list(self._watched),
            "sequences": [watched.sequence for watched in self._watched.values()],
        }
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row)
            await cursor.execute(_MOVED_LOGS, asked)
            moved = await cursor.fetchall()
        for user_id, sequence in moved:
            # Whoever followed it may have gone meanwhile.
            if (watched := self._watched.get(user_id)) is not None:
                watched.sequence = sequence
                watched.bell.ring()


@asynccontextmanager
async def open_log_watch(pool: Pool, bell: Bell) -> AsyncGenerator[LogWatch]:
    """Run a watch.

    Args:
        pool: Where to look.
        bell: Rung when anybody may have appended something.
    """
    watch = LogWatch(pool, bell)
    async with background(watch.run(), name="log-watch"):
        yield watch
