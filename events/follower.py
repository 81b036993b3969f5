"""Following everybody's events: in order of position, none skipped, none twice."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import psycopg
import structlog
from psycopg.rows import class_row
from structlog.typing import FilteringBoundLogger

from events.barrier import READER_PAUSE, HighWaterMark
from events.bell import Bell, heard
from events.database import Connection, Pool
from events.reader import PositionedEvent
from events.statements import statement

BATCH = 500
"""Events read at once: bounds memory, and is enough to make the round trip cheap."""

POLL_INTERVAL = 0.5
"""Seconds after which a follower looks by itself, whether or not anybody rang."""

_READ_ALL = statement("events", "read_all")
_POSITION_BEFORE_LAST = statement("events", "position_before_last")

_log: FilteringBoundLogger = structlog.get_logger()


async def position_before_last(connection: Connection, count: int) -> int:
    """Give the position after which the last `count` settled events of everybody stand."""
    mark = HighWaterMark()
    while not await mark.advance(connection):  # noqa: ASYNC110 - the lock has no event to await
        await asyncio.sleep(READER_PAUSE)
    cursor = await connection.execute(
        _POSITION_BEFORE_LAST, {"until": mark.position, "count": count}
    )
    match await cursor.fetchone():
        case (int() as position,):
            return position
        case _:
            return 0


@dataclass(slots=True)
class Follower:
    """Reads everybody's log behind the high-water mark.

    Attributes:
        pool: Where to read.
        bell: Rung when there may be something new.
        after: The position up to which everything has been given already.
        batch: The most events given at once.
        mark: How far it is safe to read; it begins where the follower does.
    """

    pool: Pool
    bell: Bell
    after: int = 0
    batch: int = BATCH
    mark: HighWaterMark = field(init=False)

    def __post_init__(self) -> None:
        self.mark = HighWaterMark(position=self.after)

    async def batches(self) -> AsyncGenerator[list[PositionedEvent]]:
        """Give batch after batch for as long as the pool is open, whatever befalls PostgreSQL.

        When there is nothing new, or no connection, wait for the bell.
        """
        while True:
            ring = self.bell.listen()
            batch = await self._next_if_connected()
            if batch:
                yield batch
            else:
                await heard(ring, within=POLL_INTERVAL)

    async def next_batch(self) -> list[PositionedEvent]:
        """Give what there is after the last batch; empty when the follower has caught up."""
        async with self.pool.connection() as connection:
            if self.after >= self.mark.position:
                await self.mark.advance(connection)
            if self.after >= self.mark.position:
                return []
            cursor = connection.cursor(row_factory=class_row(PositionedEvent))
            await cursor.execute(
                _READ_ALL,
                {"after": self.after, "until": self.mark.position, "limit": self.batch},
            )
            batch = await cursor.fetchall()
        # Without a full batch everything up to the mark has been seen, gaps included.
        self.after = batch[-1].position if len(batch) == self.batch else self.mark.position
        return batch

    async def _next_if_connected(self) -> list[PositionedEvent]:
        try:
            return await self.next_batch()
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            if self.pool.closed:
                raise
            _log.warning("follower.disconnected", error=type(error).__name__)
            return []
