"""Following everybody's events: in order of position, none skipped, none twice."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from psycopg.rows import class_row

from events.barrier import HighWaterMark
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


async def position_before_last(connection: Connection, count: int) -> int:
    """Give the position after which the last `count` events of everybody stand."""
    cursor = await connection.execute(_POSITION_BEFORE_LAST, {"count": count})
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
        mark: How far it is safe to read.
    """

    pool: Pool
    bell: Bell
    after: int = 0
    mark: HighWaterMark = field(default_factory=HighWaterMark)

    async def batches(self) -> AsyncGenerator[list[PositionedEvent]]:
        """Give batch after batch, for ever; when there is nothing new, wait for the bell."""
        while True:
            ring = self.bell.listen()
            batch = await self.next_batch()
            if batch:
                yield batch
            else:
                await heard(ring, within=POLL_INTERVAL)

    async def next_batch(self) -> list[PositionedEvent]:
        """Give what there is after the last batch; empty when the follower has caught up."""
        async with self.pool.connection() as connection:
            if self.after >= self.mark.position:
                await self.mark.advance(connection)
            cursor = connection.cursor(row_factory=class_row(PositionedEvent))
            await cursor.execute(
                _READ_ALL,
                {"after": self.after, "until": self.mark.position, "limit": BATCH},
            )
            batch = await cursor.fetchall()
        # Without a full batch everything up to the mark has been seen, gaps included.
        self.after = batch[-1].position if len(batch) == BATCH else self.mark.position
        return batch
