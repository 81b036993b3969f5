"""Reading as much of a task's stream as undoing takes, however long the stream is."""

from collections.abc import Iterable
from dataclasses import dataclass

from psycopg import AsyncCursor
from psycopg.rows import class_row

from events.binding import BoundConnection
from events.reader import StoredEvent
from events.statements import statement

AROUND = 8
"""Events read before and after the one to be undone; no command leads to more of one task."""

_READ_EXCERPTS = statement("events", "read_excerpts")


@dataclass(frozen=True, slots=True)
class ExcerptId:
    """A task, and its event that is to be undone; by its sequence, or 0 for its last one."""

    user_id: str
    task_id: int
    sequence: int


async def read_excerpts(
    connection: BoundConnection, excerpts: Iterable[ExcerptId]
) -> AsyncCursor[StoredEvent]:
    """Read what undoing some events takes, in order; the cursor gives it when fetched."""
    wanted = list(excerpts)
    cursor = connection.cursor(row_factory=class_row(StoredEvent))
    return await cursor.execute(
        _READ_EXCERPTS,
        {
            "user_ids": [excerpt.user_id for excerpt in wanted],
            "task_ids": [excerpt.task_id for excerpt in wanted],
            "sequences": [excerpt.sequence for excerpt in wanted],
            "around": AROUND,
        },
    )
