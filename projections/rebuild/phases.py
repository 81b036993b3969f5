"""Beginning a rebuild or a rollback, going on to the next phase, and calling it off."""

import asyncio

from events.barrier import READER_PAUSE, HighWaterMark
from events.database import Connection, Pool
from events.errors import UnreadableEventError
from events.statements import statement
from projections.errors import (
    CannotApplyError,
    NotThereError,
    OtherVersionError,
    RebuildRunningError,
)
from projections.generation import Generation, Phase, State, find_generations, rows_of
from projections.reason import reason
from projections.rebuild.generation_table import create_table, drop_table
from projections.rebuild.shards import clear_shards, plan_shards, reset_shards
from projections.registry import AnyProjection

_LOCK_ALL = statement("projections.rebuild", "lock_generations")
_LOCK = statement("projections.rebuild", "lock_generation")
_BEGIN = statement("projections.rebuild", "begin_generation")
_BEGIN_ROLLBACK = statement("projections.rebuild", "begin_rollback")
_SET_PHASE = statement("projections.rebuild", "set_phase")
_NOTE_FAILURE = statement("projections.rebuild", "note_failure")
_FORGET = statement("projections.rebuild", "forget_generation")

type Generations = dict[State, Generation]


def coming(generations: Generations) -> Generation | None:
    """Give the generation that is on its way to be the live one, if one is."""
    building = generations.get(State.BUILDING)
    previous = generations.get(State.PREVIOUS)
    return building or (previous if previous and previous.phase else None)


async def begin_rebuild(pool: Pool, projection: AnyProjection) -> Generation:
    """Begin a rebuild, or join the one that is under way.

    Raises:
        RebuildRunningError: A rollback is under way.
        OtherVersionError: A rebuild is, by another version of the code.
    """
    position = await _settled(pool)
    async with pool.connection() as connection, connection.transaction():
        found = await lock_generations(connection, projection.name)
        running = coming(found)
        if running is None:
            return await _begin(connection, projection, position)
        if running.state is not State.BUILDING:
            raise RebuildRunningError(projection.name, "rollback")
        check_version(projection, running)
        return running


async def begin_rollback(pool: Pool, projection: AnyProjection) -> Generation:
    """Begin to bring the generation before back, or join whoever does.

    Raises:
        NotThereError: There is none.
        RebuildRunningError: A rebuild is under way.
        OtherVersionError: It was filled by another version of the code.
    """
    async with pool.connection() as connection, connection.transaction():
        found = await lock_generations(connection, projection.name)
        if State.BUILDING in found:
            raise RebuildRunningError(projection.name, "rebuild")
        previous = found.get(State.PREVIOUS)
        if previous is None:
            raise NotThereError(projection.name, State.PREVIOUS)
        check_version(projection, previous)
        if previous.phase is None:
            await connection.execute(_BEGIN_ROLLBACK, _named(previous))
            await plan_shards(connection, projection.name)
        return previous


async def cancel(pool: Pool, projection: AnyProjection) -> None:
    """Call a rebuild or rollback off; the live table is not touched.

    Raises:
        NotThereError: None is under way.
    """
    async with pool.connection() as connection, connection.transaction():
        found = coming(await lock_generations(connection, projection.name))
        if found is None:
            raise NotThereError(projection.name, State.BUILDING)
        if found.state is State.BUILDING:
            await forget(connection, found)
        else:
            await _set_phase(connection, found, None)
        await clear_shards(connection, projection.name)


async def drop_previous(pool: Pool, projection: AnyProjection) -> None:
    """Drop the table that was live before, after which there is no way back to it.

    Raises:
        NotThereError: There is none.
        RebuildRunningError: It is on its way back.
    """
    async with pool.connection() as connection, connection.transaction():
        previous = (await lock_generations(connection, projection.name)).get(State.PREVIOUS)
        if previous is None:
            raise NotThereError(projection.name, State.PREVIOUS)
        if previous.phase is not None:
            raise RebuildRunningError(projection.name, "rollback")
        await forget(connection, previous)


async def forget(connection: Connection, generation: Generation) -> None:
    """Drop a generation that is not live, table and all."""
    await drop_table(connection, generation)
    await connection.execute(_FORGET, _named(generation))


async def go_on(pool: Pool, generation: Generation, phase: Phase) -> None:
    """Go on from the phase a generation is in to another, unless somebody has done so already."""
    async with pool.connection() as connection, connection.transaction():
        moved = await _set_phase(connection, generation, phase)
        if moved and phase is Phase.VERIFYING:
            await reset_shards(connection, generation.name)


async def note_failure(
    pool: Pool, generation: Generation, error: CannotApplyError | UnreadableEventError
) -> None:
    """Note the event that a rebuild has stopped at; it is tried again by whoever goes on."""
    async with pool.connection() as connection:
        await connection.execute(
            _NOTE_FAILURE,
            {
                **_named(generation),
                "user_id": error.user_id,
                "sequence": error.sequence,
                "failure": reason(error.__cause__ or error),
            },
        )


async def lock_phase(connection: Connection, generation: Generation) -> bool:
    """Take a generation for this transaction; False if it is in another phase by now, or gone."""
    cursor = rows_of(connection)
    await cursor.execute(_LOCK, _named(generation))
    found = await cursor.fetchone()
    return found is not None and found.phase is generation.phase


async def lock_generations(connection: Connection, name: str) -> Generations:
    """Take a projection's generations for this transaction.

    Raises:
        NotThereError: It has no live one, so the database was not prepared for it.
    """
    await connection.execute(_LOCK_ALL, {"name": name})
    # A statement of its own, so that it looks after the lock was had.
    found = {each.state: each for each in await find_generations(connection, name)}
    if State.LIVE not in found:
        raise NotThereError(name, State.LIVE)
    return found


async def set_phase(connection: Connection, generation: Generation, phase: Phase) -> None:
    """Go on to another phase, in the transaction that has taken the generation."""
    await _set_phase(connection, generation, phase)


def check_version(projection: AnyProjection, generation: Generation) -> None:
    """Make sure that this version of the code may carry a table on.

    Raises:
        OtherVersionError: Another version has begun it.
    """
    if generation.version != projection.version:
        raise OtherVersionError(projection.name, found=generation.version, known=projection.version)


async def _begin(connection: Connection, projection: AnyProjection, position: int) -> Generation:
    await connection.execute(
        _BEGIN,
        {"name": projection.name, "version": projection.version, "position": position},
    )
    generation = (await lock_generations(connection, projection.name))[State.BUILDING]
    await create_table(connection, projection, generation)
    await plan_shards(connection, projection.name)
    return generation


async def _settled(pool: Pool) -> int:
    """Give the position up to which nothing can appear any more."""
    mark = HighWaterMark()
    async with pool.connection() as connection:
        while not await mark.advance(connection):  # noqa: ASYNC110 - the lock has no event to await
            await asyncio.sleep(READER_PAUSE)
    return mark.position


async def _set_phase(connection: Connection, generation: Generation, phase: Phase | None) -> bool:
    cursor = await connection.execute(
        _SET_PHASE, {**_named(generation), "from": generation.phase, "to": phase}
    )
    return cursor.rowcount == 1


def _named(generation: Generation) -> dict[str, object]:
    return {"name": generation.name, "generation": generation.generation}
