"""The barrier between those who give out positions and those who read them.

Positions come from a sequence, so they are taken in one order and committed in another: a reader
that simply remembers the highest position it has seen skips whatever commits late. Writers
therefore hold a shared advisory lock from before they take positions until they have committed.
A reader that gets the same lock exclusively, for an instant, knows that every position given out
so far is committed or gone: the highest committed one is the high-water mark.

Not the last one given out: a writer that rolled back has flushed nothing, so after a crash
PostgreSQL may give out its positions again, and a mark beyond them would pass over what is then
written there. What is committed was flushed, and the sequence with it.
"""

import time
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import AsyncCursor

from events.database import Connection
from events.statements import statement

KEY = 0x7461736B_666F6C64
"""The advisory lock both sides take ("taskfold")."""

READER_PATIENCE = "50ms"
"""How long a reader may wait for the lock, since writers queue behind it meanwhile."""

READER_PAUSE = 0.5
"""Seconds for which a reader that waited in vain leaves the writers alone."""

_ENTER = statement("events", "enter_barrier")
_LAST_STORED_POSITION = statement("events", "last_stored_position")
_SETTLE: LiteralString = ";\n".join(
    statement("events", name) for name in ("bound_wait", "close_barrier", "settled_position")
)


async def enter(connection: Connection) -> None:
    """Take the writers' side until the transaction ends; to be done before positions are taken."""
    await connection.execute(_ENTER, {"key": KEY})


@dataclass(slots=True)
class HighWaterMark:
    """The highest position below which nothing can still appear.

    Attributes:
        position: The mark; it only rises.
        timeouts: How often the barrier could not be closed in time and the old mark was kept.
        stalled_since: Since when (monotonic) something is committed beyond the mark that it could
            not be brought to; None while it could.
    """

    position: int = 0
    timeouts: int = 0
    stalled_since: float | None = None
    _paused_until: float = 0.0

    async def advance(self, connection: Connection) -> bool:
        """Bring the mark to the last settled position; False when the writers do not allow it yet.

        The barrier is closed only when something is committed beyond the mark, so an idle log, or
        one whose last positions were never used, costs one probe of an index.
        """
        if time.monotonic() < self._paused_until:
            return False
        last = await _position(await connection.execute(_LAST_STORED_POSITION))
        closed = last <= self.position or await self._close(connection)
        if self.position >= last:
            self.stalled_since = None
        elif self.stalled_since is None:
            self.stalled_since = time.monotonic()
        return closed

    async def _close(self, connection: Connection) -> bool:
        try:
            self.position = max(self.position, await settled_position(connection))
        except psycopg.errors.LockNotAvailable:
            self.timeouts += 1
            self._paused_until = time.monotonic() + READER_PAUSE
            return False
        return True


async def settled_position(connection: Connection) -> int:
    """Close the barrier for an instant and give the last settled position.

    All of it is sent as one message, which PostgreSQL carries out as one transaction: nothing waits
    for this process while the barrier is closed, not even if it freezes or the network forgets it.
    The last is a statement of its own, so that it looks after the lock was had.

    Raises:
        psycopg.errors.LockNotAvailable: The writers did not allow it in time.
    """
    # Only this kind of cursor can send several statements that have parameters.
    cursor = psycopg.AsyncClientCursor(connection)
    await cursor.execute(_SETTLE, {"patience": READER_PATIENCE, "key": KEY})
    await cursor.set_result(-1)
    return await _position(cursor)


async def _position(cursor: AsyncCursor[tuple[object, ...]]) -> int:
    [(position,)] = await cursor.fetchall()
    return position if isinstance(position, int) else 0
