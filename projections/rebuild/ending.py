"""Calling a rebuild or rollback off, and dropping the table that was live before."""

from events.database import Pool
from events.statements import statement
from projections.errors import NotThereError
from projections.generation import State
from projections.rebuild.errors import RebuildRunningError
from projections.rebuild.generations import (
    by_state,
    changing,
    coming,
    forget,
    lock_generations,
)
from projections.rebuild.shards import clear_shards
from projections.registry import AnyProjection

_CALL_OFF = statement("projections.rebuild", "call_off")


async def cancel(pool: Pool, projection: AnyProjection) -> None:
    """Call a rebuild or rollback off; the live table is not touched.

    First it is said, so that nobody begins anything more; then, when those at work have come to the
    end of what they had begun, it is cleared away. Called again, it goes on where it was.

    Raises:
        NotThereError: None is under way.
        TableInUseError: Somebody stands in the way for longer than is waited.
    """
    async with changing(pool, projection.name) as connection:
        found = await by_state(connection, projection.name)
        if State.BUILDING not in found and coming(found) is None:
            raise NotThereError(projection.name, State.BUILDING)
        await connection.execute(_CALL_OFF, {"name": projection.name})
    async with changing(pool, projection.name) as connection:
        found = await lock_generations(connection, projection.name)
        await clear_shards(connection, projection.name)
        if State.BUILDING in found:
            await forget(connection, found[State.BUILDING])


async def drop_previous(pool: Pool, projection: AnyProjection) -> None:
    """Drop the table that was live before, after which there is no way back to it.

    Raises:
        NotThereError: There is none.
        RebuildRunningError: It is on its way back.
        TableInUseError: Somebody stands in the way for longer than is waited.
    """
    async with changing(pool, projection.name) as connection:
        previous = (await lock_generations(connection, projection.name)).get(State.PREVIOUS)
        if previous is None:
            raise NotThereError(projection.name, State.PREVIOUS)
        if previous.phase is not None:
            raise RebuildRunningError(projection.name, "rollback")
        await forget(connection, previous)
