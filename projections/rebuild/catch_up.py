"""Bringing a generation that is not live up to the events of meanwhile."""

from events.bell import Bell
from events.database import Connection, Pool
from events.follower import Follower
from events.reader import PositionedEvent
from events.statements import statement
from projections.advance import advance
from projections.generation import Generation, find_generations
from projections.read_table import read_table
from projections.registry import AnyProjection
from projections.skips import find_skipped, placed_unless

BATCH = 2_000
"""Events folded together: the more there are of a row, the fewer times it is written."""

_MOVE = statement("projections.rebuild", "move_generation")


async def catch_up(pool: Pool, projection: AnyProjection, generation: Generation) -> int:
    """Fold what has happened since into a generation, a batch; give how many events it had.

    Fewer than a batch means that it is as far as the log can be read now, or that there is nothing
    to be done any more: somebody else has gone on with it, switched to it, or called it off. Any
    number of processes may do so at once: the position moves by compare-and-set in the transaction
    that writes the rows, so of two that fold the same batch one writes nothing.
    """
    present = await _present(pool, generation)
    if present is None:
        return 0
    follower = Follower(pool, Bell(), after=present.position, batch=BATCH)
    batch = await follower.next_batch()
    async with pool.connection() as connection, connection.transaction():
        moved = await move(connection, projection, present, batch, to=follower.after)
    return len(batch) if moved else BATCH


async def move(
    connection: Connection,
    projection: AnyProjection,
    generation: Generation,
    batch: list[PositionedEvent],
    *,
    to: int,
) -> bool:
    """Fold events into a generation and move its position; False if somebody else has moved it.

    Raises:
        CannotApplyError: The projection cannot apply an event.
    """
    cursor = await connection.execute(
        _MOVE,
        {
            "name": generation.name,
            "generation": generation.generation,
            "from": generation.position,
            "to": to,
        },
    )
    if cursor.rowcount == 0:
        return False
    skipped = await find_skipped(connection, projection.name)
    table = read_table(projection, generation.table_name)
    await advance(table, connection, placed_unless(batch, skipped))
    return True


async def _present(pool: Pool, generation: Generation) -> Generation | None:
    """Give a generation as it is now, if it is still in the phase it was in."""
    async with pool.connection() as connection:
        for found in await find_generations(connection, generation.name):
            if (found.generation, found.phase) == (generation.generation, generation.phase):
                return found
    return None
