"""Writing to the log. Only the command handler does."""

from collections.abc import Iterable, Sequence

from msgspec import Raw
from psycopg import AsyncCursor
from psycopg.rows import class_row

from events import barrier
from events.binding import BoundConnection, bind, listed
from events.database import Connection
from events.head import Entry, LogHead
from events.recordset import recordset
from events.statements import statement

_OPEN_LOGS = statement("events", "open_logs")
_LOCK_HEADS = statement("events", "lock_heads")
_APPEND = statement("events", "append")
_MOVE_HEADS = statement("events", "move_heads")
_FIND_CHAIN = statement("events", "find_chain")


TRANSACTION_LIMIT = "10s"
"""How long a writer may hold its locks: a stalled one must not stop every reader for ever."""

_KNOWS_TRANSACTION_TIMEOUT = 17_00_00

_BEGIN = statement("events", "begin_writing")
_BEGIN_17 = statement("events", "begin_writing_17")


async def begin_writing(connection: Connection, user_ids: Iterable[str]) -> BoundConnection:
    """Bind the transaction of a writer to some users; PostgreSQL ends it by itself if it stalls.

    Raises:
        UnboundableUserError: An id could be taken for several.
    """
    modern = connection.info.server_version >= _KNOWS_TRANSACTION_TIMEOUT
    parameters = {"user_ids": listed(user_ids), "limit": TRANSACTION_LIMIT}
    await connection.execute(_BEGIN_17 if modern else _BEGIN, parameters)
    return BoundConnection(connection)


async def open_logs(connection: BoundConnection, user_ids: Iterable[str]) -> None:
    """Give some users a log, if they have none yet."""
    await connection.execute(_OPEN_LOGS, {"user_ids": list(user_ids)})


async def lock_heads(connection: BoundConnection, user_ids: Iterable[str]) -> AsyncCursor[LogHead]:
    """Take some users' logs until the transaction ends; the cursor gives the heads there are.

    Until the result is fetched nothing is waited for, so that in a pipeline other reads can travel
    along.
    """
    cursor = connection.cursor(row_factory=class_row(LogHead))
    return await cursor.execute(_LOCK_HEADS, {"user_ids": list(user_ids)})


async def append(
    connection: BoundConnection, entries: Sequence[Entry], heads: Sequence[LogHead]
) -> None:
    """Write entries, in order, and move the heads of the locked logs they belong to.

    The unique keys of the log refuse a sequence or version that is taken, whatever the locks did.
    """
    await barrier.enter(connection)
    await connection.execute(_APPEND, {"entries": recordset(map(_row, entries))})
    await connection.execute(_MOVE_HEADS, {"heads": recordset(heads)})


async def is_recorded(connection: Connection, entry: Entry) -> bool:
    """Tell whether an entry reached the log, for a writer whose connection broke at the commit.

    The chain value names the entry beyond doubt. Taking the user's log first waits for a
    transaction that is still on its way, so the answer is final.
    """
    event = entry.event
    async with connection.transaction():
        bound = await bind(connection, [event.user_id])
        await lock_heads(bound, [event.user_id])
        cursor = await bound.execute(
            _FIND_CHAIN, {"user_id": event.user_id, "sequence": event.sequence}
        )
        return await cursor.fetchone() == (event.chain,)


def _row(entry: Entry) -> dict[str, object]:
    event = entry.event
    return {
        "user_id": event.user_id,
        "sequence": event.sequence,
        "task_id": event.task_id,
        "version": event.version,
        "type": entry.type,
        "schema_version": entry.schema_version,
        "data": Raw(entry.data),
        "metadata": Raw(entry.metadata),
        "recorded_at": event.recorded_at,
        "digest": event.digest,
        "chain": event.chain,
    }
