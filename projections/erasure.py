"""Taking the rows of an erased log out of every table of every projection, in parts.

By then the log is emptied, so whoever reads it from here on makes no rows of it; and its user can
write nothing until this is done. What others have read before is waited for, or made void.
"""

import psycopg
from psycopg import sql

from events.batches import in_batches
from events.database import Pool
from events.statements import statement
from events.tables import SCHEMA
from projections.generation import Generation, Phase, find_generations
from projections.registry import PROJECTIONS

PART = 5_000
"""Rows taken out in one transaction, so that nobody waits for long."""

_REMOVE = statement("projections", "remove_erased_rows")
_RELEASE = statement("projections", "release_all")
_AWAIT_REPLAY = statement("projections", "await_replay")


async def remove_rows(pool: Pool, user_id: str) -> None:
    """Take a user's rows out of all tables: live, coming and previous ones."""
    before: set[tuple[str, int, str]] | None = None
    while True:
        async with pool.connection() as connection:
            found = [
                each for each in await find_generations(connection) if each.name in PROJECTIONS
            ]
        tables = {(each.name, each.generation, each.table_name) for each in found}
        # Until they are the same as before: a switch may have given tables other names meanwhile.
        if tables == before:
            return
        before = tables if await _remove_from_all(pool, user_id, found) else None


async def _remove_from_all(pool: Pool, user_id: str, found: list[Generation]) -> bool:
    async with pool.connection() as connection:
        # Projectors hold events that they read before; without the lease they read them again.
        await connection.execute(_RELEASE)
    try:
        for generation in found:
            await _remove(pool, user_id, generation)
    except psycopg.errors.UndefinedTable:
        return False
    return True


async def _remove(pool: Pool, user_id: str, generation: Generation) -> None:
    async with pool.connection() as connection:
        if generation.phase is Phase.REPLAYING:
            await connection.execute(_AWAIT_REPLAY, {"name": generation.name, "user_id": user_id})
        query = sql.SQL(_REMOVE).format(table=sql.Identifier(SCHEMA, generation.table_name))
        await in_batches(connection, query, {"user_id": user_id}, size=PART)
