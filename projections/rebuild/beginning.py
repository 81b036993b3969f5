"""Beginning a rebuild or a rollback, or joining one that is under way."""

import asyncio

from events.barrier import READER_PAUSE, HighWaterMark
from events.database import Connection, Pool
from events.statements import statement
from projections.errors import NotThereError
from projections.generation import Generation, State
from projections.projection import Mode
from projections.rebuild.errors import RebuildRunningError
from projections.rebuild.generation_table import check_independent, create_table
from projections.rebuild.generations import (
    by_state,
    changing,
    check_version,
    coming,
    forget,
    lock_generations,
    named,
)
from projections.rebuild.shards import plan_shards
from projections.registry import AnyProjection

_BEGIN = statement("projections.rebuild", "begin_generation")
_BEGIN_ROLLBACK = statement("projections.rebuild", "begin_rollback")


async def begin_rebuild(pool: Pool, projection: AnyProjection) -> Generation:
    """Begin a rebuild, or join the one that is under way.

    Raises:
        RebuildRunningError: A rollback is under way.
        OtherVersionError: A rebuild is, by another version of the code.
        DependentObjectsError: Something hangs on the live table that no other table would have.
        TableInUseError: Somebody stands in the way for longer than is waited.
    """
    # Without a lock, since whoever works on it may have one for as long as that takes.
    async with pool.connection() as connection:
        running = coming(await by_state(connection, projection.name))
    if running is not None:
        return _joined(projection, running)
    position = await _settled(pool)
    async with changing(pool, projection.name) as connection:
        found = await lock_generations(connection, projection.name)
        running = coming(found)
        if running is not None:
            return _joined(projection, running)
        if State.BUILDING in found:
            # One that was called off by somebody who did not live to clear it away.
            await forget(connection, found[State.BUILDING])
        return await _begin(connection, projection, position)


async def begin_rollback(pool: Pool, projection: AnyProjection) -> Generation:
    """Begin to bring the generation before back, or join whoever does.

    Raises:
        NotThereError: There is none.
        RebuildRunningError: A rebuild is under way.
        OtherVersionError: It was filled by another version of the code.
        TableInUseError: Somebody stands in the way for longer than is waited.
    """
    async with pool.connection() as connection:
        previous = _previous(projection, await by_state(connection, projection.name))
    if previous.phase is not None:
        return previous
    async with changing(pool, projection.name) as connection:
        previous = _previous(projection, await lock_generations(connection, projection.name))
        if previous.phase is None:
            await connection.execute(_BEGIN_ROLLBACK, named(previous))
            await plan_shards(connection, projection.name)
        return previous


def _joined(projection: AnyProjection, running: Generation) -> Generation:
    if running.state is not State.BUILDING:
        raise RebuildRunningError(projection.name, "rollback")
    check_version(projection, running)
    return running


def _previous(projection: AnyProjection, found: dict[State, Generation]) -> Generation:
    if State.BUILDING in found:
        raise RebuildRunningError(projection.name, "rebuild")
    previous = found.get(State.PREVIOUS)
    if previous is None:
        raise NotThereError(projection.name, State.PREVIOUS)
    check_version(projection, previous)
    return previous


async def _begin(connection: Connection, projection: AnyProjection, position: int) -> Generation:
    await check_independent(connection, projection.name)
    await connection.execute(
        _BEGIN,
        {
            "name": projection.name,
            "version": projection.version,
            "inline": projection.mode is Mode.INLINE,
            "position": position,
        },
    )
    generation = (await by_state(connection, projection.name))[State.BUILDING]
    await create_table(connection, generation)
    await plan_shards(connection, projection.name)
    return generation


async def _settled(pool: Pool) -> int:
    """Give the position up to which nothing can appear any more."""
    mark = HighWaterMark()
    async with pool.connection() as connection:
        while not await mark.advance(connection):  # noqa: ASYNC110 - the lock has no event to await
            await asyncio.sleep(READER_PAUSE)
    return mark.position
