"""The barrier between those who give out positions and those who read them.

Positions come from a sequence, so they are taken in one order and committed in another: a reader
that simply remembers the highest position it has seen skips whatever commits late. Writers
therefore hold a shared advisory lock from before they take positions until they have committed.
A reader that gets the same lock exclusively, for an instant, knows that every position given out
so far is committed or gone for good: the last one is the high-water mark.
"""

from dataclasses import dataclass

import psycopg

from events.database import Connection
from events.statements import statement

KEY = 0x7461736B_666F6C64
"""The advisory lock both sides take ("taskfold")."""

READER_PATIENCE = "200ms"
"""How long a reader may wait for the lock, since writers queue behind it meanwhile."""

_ENTER = statement("events", "enter_barrier")
_BOUND_WAIT = statement("events", "bound_wait")
_CLOSE = statement("events", "close_barrier")
_LAST_POSITION = statement("events", "last_position")


async def enter(connection: Connection) -> None:
    """Take the writers' side until the transaction ends; to be done before positions are taken."""
    await connection.execute(_ENTER, {"key": KEY})


@dataclass(slots=True)
class HighWaterMark:
    """The highest position below which nothing can still appear.

    Attributes:
        position: The mark; it only rises.
        timeouts: How often the barrier could not be closed in time and the old mark was kept.
    """

    position: int = 0
    timeouts: int = 0

    async def advance(self, connection: Connection) -> int:
        """Bring the mark as far forward as the writers allow, and give it.

        The barrier is closed only when a position beyond the mark has been given out, so an idle
        log costs one cheap look.
        """
        if await _last_position(connection) > self.position:
            try:
                self.position = max(self.position, await _settled_position(connection))
            except psycopg.errors.LockNotAvailable:
                self.timeouts += 1
        return self.position


async def _settled_position(connection: Connection) -> int:
    async with connection.pipeline(), connection.transaction():
        await connection.execute(_BOUND_WAIT, {"patience": READER_PATIENCE})
        await connection.execute(_CLOSE, {"key": KEY})
        # A statement of its own, so that it looks after the lock was had.
        return await _last_position(connection)


async def _last_position(connection: Connection) -> int:
    cursor = await connection.execute(_LAST_POSITION)
    [(position,)] = await cursor.fetchall()
    return position if isinstance(position, int) else 0
