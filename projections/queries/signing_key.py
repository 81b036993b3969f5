"""The key that lists sign their cursors with: one for every process on a database."""

import secrets

from events.database import Connection
from events.statements import statement

KEY_BYTES = 32

_KEEP = statement("projections.queries", "keep_signing_key")
_FIND = statement("projections.queries", "find_signing_key")


async def signing_key(connection: Connection) -> bytes:
    """Give the key; the first process to ask makes it."""
    # In two statements, since one would not see what another process has committed meanwhile.
    await connection.execute(_KEEP, {"key": secrets.token_bytes(KEY_BYTES)})
    cursor = await connection.execute(_FIND)
    [(key,)] = await cursor.fetchall()
    return bytes(key) if isinstance(key, bytes) else b""
