"""Reads that survive a restart of the database."""

import asyncio
from collections.abc import Awaitable, Callable

import psycopg

from events.database import Connection, Pool
from events.passing import is_passing

PATIENCE = 5.0
"""Seconds a read is tried again after a failure that passes, before its caller hears."""

_PAUSE = 0.05


async def read[T](pool: Pool, query: Callable[[Connection], Awaitable[T]]) -> T:
    """Run a query on a connection of the pool; again on another if that one turns out dead.

    Raises:
        psycopg.Error: The database stayed away, or does not take the query.
    """
    give_up = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            async with pool.connection(timeout=PATIENCE) as connection:
                return await query(connection)
        except psycopg.Error as error:
            if not is_passing(error) or asyncio.get_running_loop().time() > give_up:
                raise
        await asyncio.sleep(_PAUSE)
