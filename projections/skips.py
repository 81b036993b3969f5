"""The events a projection was told to pass over."""

from events.database import Connection
from events.statements import statement

_FIND = statement("projections", "find_skipped")


async def find_skipped(connection: Connection, name: str) -> frozenset[tuple[str, int]]:
    """Find the events a projection passes over, by user and sequence."""
    cursor = await connection.execute(_FIND, {"name": name})
    return frozenset(
        (str(user_id), int(str(sequence))) for user_id, sequence in await cursor.fetchall()
    )
