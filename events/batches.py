"""Taking rows away by and by, so that nobody waits for long."""

from collections.abc import Mapping
from typing import LiteralString

from psycopg import sql

from events.database import Connection


async def in_batches(
    connection: Connection,
    query: LiteralString | sql.Composed,
    asked: Mapping[str, object],
    *,
    size: int,
) -> int:
    """Run a statement that takes at most `limit` rows until none is left; give how many they were.

    Args:
        connection: Each time is a transaction of its own on it.
        query: The statement.
        asked: Its other parameters.
        size: The limit.
    """
    taken = 0
    while True:
        cursor = await connection.execute(query, {**asked, "limit": size})
        taken += cursor.rowcount
        if cursor.rowcount < size:
            return taken
