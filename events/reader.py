"""Reading the log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from psycopg import AsyncCursor
from psycopg.rows import class_row

from events.binding import BoundConnection, UserReader
from events.codec import decode, decode_metadata
from events.envelope import RecordedEvent
from events.errors import EventLogError, UnreadableEventError
from events.log_events import REDACTED_JSON
from events.recordset import recordset
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

    @property
    def is_redacted(self) -> bool:
        """Whether what it said was erased."""
        return self.data == REDACTED_JSON and self.metadata == REDACTED_JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionedEvent(StoredEvent):
    """A row of the log together with its place in the whole store."""

    position: int


class StreamId(msgspec.Struct, frozen=True):
    """One task's stream, and the version up to which its reader knows it already."""

    user_id: str
    task_id: int
    known_version: int = 0


async def read_streams(
    connection: BoundConnection, streams: Iterable[StreamId]
) -> AsyncCursor[StoredEvent]:
    """Read some tasks' events, each stream in order; the cursor gives them when fetched."""
    cursor = connection.cursor(row_factory=class_row(StoredEvent))
    return await cursor.execute(_READ_STREAMS, _wanted(list(streams)))


async def read_stream(reader: UserReader, task_id: int) -> list[StoredEvent]:
    """Read the events of one of a user's tasks, in order."""
    wanted = _wanted([StreamId(reader.user_id, task_id)])
    return await reader.rows(_READ_STREAMS, wanted, class_row(StoredEvent))


async def read_log(reader: UserReader, *, after: int = 0, limit: int) -> list[StoredEvent]:
    """Read one user's events after a sequence, in order, at most `limit` of them."""
    return await reader.rows(_READ_LOG, {"after": after, "limit": limit}, class_row(StoredEvent))


def _wanted(streams: Sequence[StreamId]) -> dict[str, object]:
    return {"streams": recordset(streams)}


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
