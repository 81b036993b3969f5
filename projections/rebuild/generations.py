"""Changing which tables a projection has: alone, and without keeping anybody waiting for long."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import psycopg

from events.database import Connection, Pool
from events.statements import statement
from projections.errors import NotThereError
from projections.generation import Generation, State, find_generations, rows_of
from projections.rebuild.errors import OtherVersionError, TableInUseError
from projections.rebuild.generation_table import drop_table
from projections.registry import AnyProjection

PATIENCE = "5s"
"""How long to wait for whoever has the table or a part of the work, since others queue behind."""

IDLENESS_LIMIT = "10s"
"""How long a process that freezes in the midst of it keeps others waiting."""

_BOUND_WAIT = statement("events", "bound_wait")
_BOUND_IDLENESS = statement("projections", "bound_idleness")
_LOCK_ALL = statement("projections.rebuild", "lock_generations")
_LOCK = statement("projections.rebuild", "lock_generation")
_FORGET = statement("projections.rebuild", "forget_generation")

type Generations = dict[State, Generation]


@asynccontextmanager
async def changing(pool: Pool, name: str) -> AsyncGenerator[Connection]:
    """Have a transaction in which a projection's tables are changed.

    Raises:
        TableInUseError: Somebody stands in the way for longer than is waited.
    """
    try:
        async with pool.connection() as connection, connection.transaction():
            await connection.execute(_BOUND_IDLENESS, {"limit": IDLENESS_LIMIT})
            await connection.execute(_BOUND_WAIT, {"patience": PATIENCE})
            yield connection
    except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as error:
        raise TableInUseError(name) from error


def coming(generations: Generations) -> Generation | None:
    """Give the generation that is on its way to be the live one, if one is."""
    for state in (State.BUILDING, State.PREVIOUS):
        found = generations.get(state)
        if found is not None and found.phase is not None:
            return found
    return None


async def by_state(connection: Connection, name: str) -> Generations:
    """Find a projection's generations.

    Raises:
        NotThereError: It has no live one, so the database was not prepared for it.
    """
    found = {each.state: each for each in await find_generations(connection, name)}
    if State.LIVE not in found:
        raise NotThereError(name, State.LIVE)
    return found


async def lock_generations(connection: Connection, name: str) -> Generations:
    """Take a projection's generations for this transaction.

    Raises:
        NotThereError: It has no live one, so the database was not prepared for it.
    """
    await connection.execute(_LOCK_ALL, {"name": name})
    # A statement of its own, so that it looks after the lock was had.
    return await by_state(connection, name)


async def lock_phase(connection: Connection, generation: Generation) -> bool:
    """Take a generation for this transaction; False if it is in another phase by now, or gone."""
    cursor = rows_of(connection)
    await cursor.execute(_LOCK, named(generation))
    found = await cursor.fetchone()
    return found is not None and found.phase is generation.phase


async def forget(connection: Connection, generation: Generation) -> None:
    """Drop a generation that is not live, table and all."""
    await drop_table(connection, generation)
    await connection.execute(_FORGET, named(generation))


def check_version(projection: AnyProjection, generation: Generation) -> None:
    """Make sure that this version of the code may carry a table on.

    Raises:
        OtherVersionError: Another version has begun it.
    """
    if generation.version != projection.version:
        raise OtherVersionError(projection.name, found=generation.version, known=projection.version)


def named(generation: Generation) -> dict[str, object]:
    """Give what statements call a generation by."""
    return {"name": generation.name, "generation": generation.generation}
