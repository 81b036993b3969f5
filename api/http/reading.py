"""Reads that survive a restart of the database."""

import asyncio
from collections.abc import Awaitable, Callable

import psycopg

from events.binding import UserReader
from events.database import Pool
from events.passing import is_passing

PATIENCE = 5.0
"""Seconds a read is tried again after a failure that passes, before its caller hears."""

_PAUSE = 0.05


async def read[T](pool: Pool, user_id: str, query: Callable[[UserReader], Awaitable[T]]) -> T:
    """Read one user's rows on a connection of the pool; on another if that one turns out dead.

    This is the one place where a request is bound to whoever made it.

    Raises:
        psycopg.Error: The database stayed away, or does not take the query.
    """
    give_up = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            async with pool.connection(timeout=PATIENCE) as connection:
                return await query(UserReader(connection, user_id))
        except psycopg.Error as error:
            if not is_passing(error) or asyncio.get_running_loop().time() > give_up:
                raise
        await asyncio.sleep(_PAUSE)
