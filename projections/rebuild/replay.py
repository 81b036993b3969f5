"""Replaying history into an empty table: fold a few users' logs in memory, copy the rows in."""

from collections.abc import AsyncGenerator

from events.database import Connection
from events.envelope import PlacedEvent
from events.history import UserRange, read_history
from projections.fold import Rows, fold
from projections.generation import Generation
from projections.projection import Projection, Row
from projections.read_table import read_table
from projections.rebuild.shards import Done
from projections.registry import AnyProjection
from projections.skips import find_skipped


async def replay(
    connection: Connection, projection: AnyProjection, generation: Generation, users: UserRange
) -> Done:
    """Write the rows of some users as the events up to the generation's position leave them.

    Raises:
        CannotApplyError: The projection cannot apply an event.
    """
    table = read_table(projection, generation.table_name)
    skipped = await find_skipped(connection, projection.name)
    pages = read_history(connection, users, until=generation.position, skipped=skipped)
    events = rows = 0
    async for page, written in _folded(projection, pages):
        # Not while a page is being read: a connection does one thing at a time.
        await table.copy_in(connection, written)
        events, rows = events + page, rows + len(written)
    return Done(events=events, rows=rows)


async def _folded[R: Row](
    projection: Projection[R], pages: AsyncGenerator[list[PlacedEvent]]
) -> AsyncGenerator[tuple[int, list[R]]]:
    """Give, page by page, how many events it had and the rows that nothing later can change.

    Only what the log at hand may still change is kept, so memory is bounded by the rows of one
    user, and for a history by one row for each of its keys.
    """
    newest: Rows[R] = {}
    pending: Rows[R] = {}
    async for page in pages:
        pending |= fold(projection, newest, page)
        last = page[-1].user_id
        final = [row for row in pending.values() if projection.history or row.user_id != last]
        yield len(page), final
        newest = {key: row for key, row in newest.items() if row.user_id == last}
        pending = {} if projection.history else dict(newest)
    yield 0, list(pending.values())
