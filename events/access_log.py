"""Who read whose trail: written before anything is shown, and seen by the one it is about."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from events.binding import UserReader, bind
from events.database import Connection
from events.statements import statement

_LOCK = statement("events", "lock_accesses")
_RECORD = statement("events", "record_access")
_LIST = statement("events", "list_accesses")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccess:
    """Somebody is about to read another user's trail.

    Attributes:
        user_id: Whose.
        actor: Who reads.
        role: What allows it.
        what: What is read, as the request names it.
        request_id: The request.
        at: When.
    """

    user_id: str
    actor: str
    role: str
    what: str
    request_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Access(NewAccess):
    """The same, recorded: 1, 2, 3 … for each user."""

    sequence: int


async def record_access(connection: Connection, access: NewAccess) -> None:
    """Record an access; when this returns, it is committed."""
    asked = {name: getattr(access, name) for name in NewAccess.__slots__}
    async with connection.pipeline(), connection.transaction():
        bound = await bind(connection, [access.user_id])
        # A statement of its own, so that the next one sees what others recorded before.
        await bound.execute(_LOCK, {"user_id": access.user_id})
        await bound.execute(_RECORD, asked)


async def list_accesses(
    reader: UserReader, *, limit: int, before: int | None = None
) -> list[Access]:
    """List who read the trail of whoever asks, newest first, before a sequence."""
    return await reader.rows(_LIST, {"before": before, "limit": limit}, class_row(Access))
