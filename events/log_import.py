"""Writing an export into an empty database: the same sequences, versions, hashes and positions."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any, BinaryIO

import psycopg

from events import barrier
from events.database import Connection, Pool
from events.envelope import RecordedEvent
from events.errors import NotEmptyError, RefusedExportError, UsedPositionsError
from events.export_reader import PAGE, Page, read_export
from events.head import LogHead
from events.reader import PositionedEvent
from events.statements import statement

type Project = Callable[[Connection, Sequence[RecordedEvent]], Awaitable[None]]
"""Writes the inline projections of the events just written, in the same transaction."""

_LOCK = statement("events", "lock_logs")
_IS_USED = statement("events", "is_used")
_LAST_GIVEN_POSITION = statement("events", "last_given_position")
_EVENTS = statement("events", "import_events")
_HEADS = statement("events", "import_heads")
_SHARED_POSITION = statement("events", "shared_position")
_CONTINUE_POSITIONS = statement("events", "continue_positions")


async def check_empty(connection: Connection) -> None:
    """Make sure that nothing was ever written to a database.

    Raises:
        NotEmptyError: Something was.
    """
    cursor = await connection.execute(_IS_USED)
    if await cursor.fetchone() != (False,):
        raise NotEmptyError


async def import_export(
    pool: Pool, file: BinaryIO, project: Project, *, page: int = PAGE
) -> AsyncGenerator[int]:
    """Write an export that was read to its end before; gives how many events each step wrote.

    All of it is one transaction, in which every log is verified again as it is written, so a file
    that changes between the two readings does no harm.

    Raises:
        NotEmptyError: The database holds events.
        UsedPositionsError: It holds none any more, and readers are past where the export begins.
        RefusedExportError: PostgreSQL refuses what the export holds.
    """
    async with pool.connection() as connection, connection.transaction():
        await connection.execute(_LOCK)
        await check_empty(connection)
        # Readers of everybody's events must not look past positions that are not committed yet.
        await barrier.enter(connection)
        last_given = await _last_given_position(connection)
        for read in read_export(file, page=page):
            _check_unused(read, last_given)
            await _write(connection, read, project)
            yield len(read.rows)
        shared = await connection.execute(_SHARED_POSITION)
        if await shared.fetchone() is not None:
            reason = "two events have the same position"
            raise RefusedExportError(reason)
        await connection.execute(_CONTINUE_POSITIONS)


async def _last_given_position(connection: Connection) -> int:
    cursor = await connection.execute(_LAST_GIVEN_POSITION)
    [(position,)] = await cursor.fetchall()
    return position if isinstance(position, int) else 0


def _check_unused(page: Page, last_given: int) -> None:
    # Readers of everybody's events may stand there already; they would pass over what lies before.
    first = min((row.position for row in page.rows), default=last_given + 1)
    if first <= last_given:
        raise UsedPositionsError(first, last_given)


async def _write(connection: Connection, page: Page, project: Project) -> None:
    try:
        await connection.execute(_EVENTS, _event_columns(page.rows))
        await connection.execute(_HEADS, _head_columns(page.heads))
        if page.events:
            await project(connection, page.events)
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        # The server's own words might repeat what a task says.
        raise RefusedExportError(type(error).__name__) from error


def _event_columns(rows: Sequence[PositionedEvent]) -> dict[str, list[Any]]:
    return {
        "positions": [row.position for row in rows],
        "user_ids": [row.user_id for row in rows],
        "sequences": [row.sequence for row in rows],
        "task_ids": [row.task_id for row in rows],
        "versions": [row.version for row in rows],
        "types": [row.type for row in rows],
        "schema_versions": [row.schema_version for row in rows],
        "data": [row.data for row in rows],
        "metadata": [row.metadata for row in rows],
        "recorded_at": [row.recorded_at for row in rows],
        "digests": [row.digest for row in rows],
        "chains": [row.chain for row in rows],
    }


def _head_columns(heads: Sequence[LogHead]) -> dict[str, list[Any]]:
    return {
        "user_ids": [head.user_id for head in heads],
        "sequences": [head.sequence for head in heads],
        "chains": [head.chain for head in heads],
        "last_task_ids": [head.last_task_id for head in heads],
        "recorded_at": [head.recorded_at for head in heads],
        "erased_through": [head.erased_through for head in heads],
        "cleared_through": [head.cleared_through for head in heads],
    }
