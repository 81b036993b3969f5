"""Reading the log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncCursor
from psycopg.rows import class_row

from events.codec import decode, decode_metadata
from events.database import Connection
from events.envelope import RecordedEvent
from events.errors import EventLogError, UnreadableEventError
from events.statements import statement

_READ_STREAMS = statement("events", "read_streams")
_READ_LOG = statement("events", "read_log")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """A row of the log as PostgreSQL gives it, its JSON still text."""

    user_id: str
    sequence: int
    task_id: int
    version: int
    type: str
    schema_version: int
    data: str
    metadata: str
    recorded_at: datetime
    digest: bytes
    chain: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionedEvent(StoredEvent):
    """A row of the log together with its place in the whole store."""

    position: int


@dataclass(frozen=True, slots=True)
class StreamId:
    """One task's stream, and the version up to which its reader knows it already."""

    user_id: str
    task_id: int
    known_version: int = 0


async def read_streams(
    connection: Connection, streams: Iterable[StreamId]
) -> AsyncCursor[StoredEvent]:
    """Read some tasks' events, each stream in order; the cursor gives them when fetched."""
    wanted = list(streams)
    cursor = connection.cursor(row_factory=class_row(StoredEvent))
    return await cursor.execute(
        _READ_STREAMS,
        {
            "user_ids": [stream.user_id for stream in wanted],
            "task_ids": [stream.task_id for stream in wanted],
            "versions": [stream.known_version for stream in wanted],
        },
    )


async def read_log(
    connection: Connection, user_id: str, *, after: int = 0, limit: int
) -> list[StoredEvent]:
    """Read one user's events after a sequence, in order, at most `limit` of them."""
    cursor = connection.cursor(row_factory=class_row(StoredEvent))
    await cursor.execute(_READ_LOG, {"user_id": user_id, "after": after, "limit": limit})
    return await cursor.fetchall()


def recorded(row: StoredEvent) -> RecordedEvent:
    """Decode a row of the log.

    Raises:
        UnreadableEventError: The event's type is unknown to this version of the code, or its
            payload or metadata is damaged.
    """
    try:
        payload = decode(row.type, row.schema_version, row.data)
        metadata = decode_metadata(row.metadata)
    except EventLogError as error:
        raise UnreadableEventError(row.user_id, row.sequence, error) from error
    return RecordedEvent(
        user_id=row.user_id,
        sequence=row.sequence,
        task_id=row.task_id,
        version=row.version,
        payload=payload,
        metadata=metadata,
        recorded_at=row.recorded_at,
        digest=row.digest,
        chain=row.chain,
    )
