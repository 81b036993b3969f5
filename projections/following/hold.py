"""A live read table in the hands of this process, carried on batch by batch."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from events.database import Pool
from events.reader import PositionedEvent
from events.statements import statement
from projections.advance import advance
from projections.following.lease import Failure, Lease
from projections.projection import Row
from projections.read_table import ReadTable
from projections.skips import Skipped, placed_unless

IDLENESS_LIMIT = "4s"
"""How long a projector that is frozen in the midst of a transaction keeps others waiting."""

KEEP_INTERVAL = timedelta(seconds=1.5)
"""How often a lease is renewed when there is nothing to write."""

_BOUND_IDLENESS = statement("projections", "bound_idleness")


@dataclass(slots=True)
class Hold:
    """What a projector needs to carry a table on, for as long as it has the lease."""

    pool: Pool
    table: ReadTable[Row]
    lease: Lease
    skipped: Skipped
    _kept_at: float = field(default_factory=time.monotonic)

    async def apply(self, rows: Sequence[PositionedEvent], to: int) -> None:
        """Write what events make of the table, and that everything up to a position is in it.

        Raises:
            LeaseLostError: Nothing was written, since the table is not ours any more.
            CannotApplyError: The projection cannot apply one of the events.
            UnreadableEventError: One of them cannot be read by this version of the code.
        """
        events = placed_unless(rows, self.skipped)
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute(_BOUND_IDLENESS, {"limit": IDLENESS_LIMIT})
            # First, so that the row's lock keeps out a switch of tables until the commit.
            moved = await self.lease.move(connection, to)
            await advance(self.table, connection, events)
        self.lease = moved
        self._kept_at = time.monotonic()

    async def keep(self) -> None:
        """Renew the lease if it is time."""
        if time.monotonic() - self._kept_at < KEEP_INTERVAL.total_seconds():
            return
        async with self.pool.connection() as connection:
            await self.lease.keep(connection)
        self._kept_at = time.monotonic()

    async def give_up(self, failure: Failure) -> None:
        """Pause the projection at an event."""
        async with self.pool.connection() as connection:
            await self.lease.fail(connection, failure)

    async def release(self) -> None:
        """Let the next projector go on at once."""
        async with self.pool.connection(timeout=1) as connection:
            await self.lease.release(connection)
