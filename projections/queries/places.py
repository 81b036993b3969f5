"""Where in a log an instant falls, and where in the stream of a task an event of the log does."""

from datetime import datetime

from psycopg.rows import scalar_row

from events.binding import UserReader
from events.statements import statement

_SEQUENCE_AT = statement("projections.queries", "sequence_at")
_VERSION_AT = statement("projections.queries", "version_at")


async def sequence_at(reader: UserReader, instant: datetime) -> int:
    """Give the last of a user's events recorded at an instant or before it; 0 if none was."""
    rows = await reader.rows(_SEQUENCE_AT, {"instant": instant}, scalar_row)
    return int(next(iter(rows), 0))


async def version_at(reader: UserReader, task_id: int, sequence: int) -> int:
    """Give the version a task had after an event of its user's log; 0 if it was not there yet."""
    asked = {"task_id": task_id, "sequence": sequence}
    rows = await reader.rows(_VERSION_AT, asked, scalar_row)
    return int(next(iter(rows), 0))
