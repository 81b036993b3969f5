"""Carrying a read table on through events, inside whatever transaction the caller has open."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import AsyncCursor

from events.database import Connection
from events.envelope import LoggedEvent
from projections.fold import Rows, erased_in, fold, keys_of
from projections.projection import Row
from projections.read_table import ReadTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance[R: Row]:
    """Events on their way into a table, whose present rows have been asked for."""

    table: ReadTable[R]
    connection: Connection
    events: Sequence[LoggedEvent]
    present: AsyncCursor[R] | None

    async def finish(self) -> None:
        """Fold the events and write what has become of the rows."""
        rows = await self._rows()
        changed = fold(self.table.projection, rows, self.events)
        for user_id in erased_in(self.events):
            await self.table.remove(self.connection, user_id)
        if changed:
            await self.table.store(self.connection, changed.values())

    async def _rows(self) -> Rows[R]:
        if self.present is None:
            return {}
        key = self.table.projection.key_of
        return {key(row): row for row in await self.present.fetchall()}


async def begin[R: Row](
    table: ReadTable[R],
    connection: Connection,
    events: Sequence[LoggedEvent],
) -> Advance[R]:
    """Ask for the rows that events are about; in a pipeline, nothing is waited for yet."""
    keys = keys_of(table.projection, events)
    present = await table.load(connection, keys) if keys else None
    return Advance(table=table, connection=connection, events=events, present=present)


async def advance(
    table: ReadTable[Row],
    connection: Connection,
    events: Sequence[LoggedEvent],
) -> None:
    """Carry a table on through events, given in the order of each log.

    Raises:
        CannotApplyError: The projection cannot apply one of them.
    """
    step = await begin(table, connection, events)
    await step.finish()
