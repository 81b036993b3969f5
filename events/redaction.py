"""Emptying the events of a log that says of itself that it was erased, in parts.

PostgreSQL sees to it that nothing else is changed, and nothing of anybody else
(`migrations/sql/create_refuse_edit.sql`). Nobody waits for this: others write new events alone.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from psycopg.rows import class_row, scalar_row

from events.binding import UserReader, bind
from events.database import Pool
from events.statements import statement

PART = 2_000
"""Events emptied in one transaction."""

_FIND = statement("events", "find_erasure")
_REDACT = statement("events", "redact_events")
_CLEARED = statement("events", "note_cleared")
_UNFINISHED = statement("events", "unfinished_erasures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Up to where a log was to be erased, and how far that has been carried out."""

    erased_through: int
    cleared_through: int

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left."""
        return self.cleared_through >= self.erased_through


async def find_erasure(reader: UserReader) -> Erasure | None:
    """Tell how far the last erasure of a user's log is; None when they have no log."""
    found = await reader.rows(_FIND, {}, class_row(Erasure))
    return next(iter(found), None)


async def redact(pool: Pool, user_id: str, erasure: Erasure) -> AsyncGenerator[int]:
    """Empty what was erased; gives how many events each step was about.

    It may be broken off anywhere and begun again: what is empty stays so.
    """
    for after in range(erasure.cleared_through, erasure.erased_through, PART):
        until = min(after + PART, erasure.erased_through)
        async with pool.connection() as connection, connection.transaction():
            bound = await bind(connection, [user_id])
            await bound.execute(_REDACT, {"user_id": user_id, "after": after, "until": until})
        yield until - after


async def note_cleared(pool: Pool, user_id: str, erasure: Erasure) -> None:
    """Note that nothing is left of what was erased, in the log or elsewhere."""
    async with pool.connection() as connection, connection.transaction():
        bound = await bind(connection, [user_id])
        await bound.execute(_CLEARED, {"user_id": user_id, "through": erasure.erased_through})


async def unfinished_erasures(pool: Pool) -> list[str]:
    """Give the users whose logs are still being erased, or were when a process died."""
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=scalar_row)
        await cursor.execute(_UNFINISHED)
        return await cursor.fetchall()
