"""Reads that survive a restart of the database."""

import asyncio
from collections.abc import Awaitable, Callable

import psycopg

from events.database import Connection, Pool

PATIENCE = 5.0
"""Seconds a read is tried again after losing its connection, before its caller hears."""

_PAUSE = 0.05
_CONNECTION_LOST = ("08", "57P")
"""SQLSTATE classes of a connection that failed or that the server ended."""


async def read[T](pool: Pool, query: Callable[[Connection], Awaitable[T]]) -> T:
    """Run a query on a connection of the pool; again on another if that one turns out dead.

    Raises:
        psycopg.OperationalError: The database stayed away.
    """
    give_up = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            async with pool.connection(timeout=PATIENCE) as connection:
                return await query(connection)
        except psycopg.OperationalError as error:
            lost = error.sqlstate is None or error.sqlstate.startswith(_CONNECTION_LOST)
            if not lost or asyncio.get_running_loop().time() > give_up:
                raise
        await asyncio.sleep(_PAUSE)
