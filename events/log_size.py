"""How large the logs are, as their heads say without anybody counting events."""

from events.database import Pool
from events.statements import statement

_ALL = statement("events", "log_sizes")
_ONE = statement("events", "log_size")


async def log_size(pool: Pool, user_id: str | None = None) -> int:
    """Give the number of events in one user's log, or in everybody's."""
    async with pool.connection() as connection:
        query = _ALL if user_id is None else _ONE
        cursor = await connection.execute(query, {"user_id": user_id})
        [(size,)] = await cursor.fetchall()
        return size if isinstance(size, int) else 0
