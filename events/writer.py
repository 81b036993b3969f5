"""Writing to the log. Only the command handler does."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import AsyncCursor
from psycopg.rows import class_row

from events import barrier
from events.binding import BoundConnection, bind
from events.database import Connection
from events.head import Entry, LogHead
from events.statements import statement

_OPEN_LOGS = statement("events", "open_logs")
_LOCK_HEADS = statement("events", "lock_heads")
_APPEND = statement("events", "append")
_MOVE_HEADS = statement("events", "move_heads")
_FIND_CHAIN = statement("events", "find_chain")


TRANSACTION_LIMIT = "10s"
"""How long a writer may hold its locks: a stalled one must not stop every reader for ever."""

_KNOWS_TRANSACTION_TIMEOUT = 17_00_00

_BOUND_TRANSACTION = statement("events", "bound_transaction")
_BOUND_TRANSACTION_17 = statement("events", "bound_transaction_17")


async def bound_transaction(connection: Connection) -> None:
    """Let PostgreSQL end this transaction by itself if its writer stalls."""
    modern = connection.info.server_version >= _KNOWS_TRANSACTION_TIMEOUT
    bound = _BOUND_TRANSACTION_17 if modern else _BOUND_TRANSACTION
    await connection.execute(bound, {"limit": TRANSACTION_LIMIT})


async def lock_heads(connection: BoundConnection, user_ids: Iterable[str]) -> AsyncCursor[LogHead]:
    """Take some users' logs until the transaction ends; the cursor gives their heads.

    A log that does not exist yet is opened. Until the result is fetched nothing is waited for,
    so that in a pipeline other reads can travel along.
    """
    parameters = {"user_ids": list(user_ids)}
    await connection.execute(_OPEN_LOGS, parameters)
    cursor = connection.cursor(row_factory=class_row(LogHead))
    return await cursor.execute(_LOCK_HEADS, parameters)


async def append(
    connection: BoundConnection, entries: Sequence[Entry], heads: Sequence[LogHead]
) -> None:
    """Write entries, in order, and move the heads of the locked logs they belong to.

    The unique keys of the log refuse a sequence or version that is taken, whatever the locks did.
    """
    await barrier.enter(connection)
    await connection.execute(_APPEND, _entry_columns(entries))
    await connection.execute(_MOVE_HEADS, _head_columns(heads))


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


def _entry_columns(entries: Sequence[Entry]) -> dict[str, list[Any]]:
    events = [entry.event for entry in entries]
    return {
        "user_ids": [event.user_id for event in events],
        "sequences": [event.sequence for event in events],
        "task_ids": [event.task_id for event in events],
        "versions": [event.version for event in events],
        "types": [entry.type for entry in entries],
        "schema_versions": [entry.schema_version for entry in entries],
        "data": [entry.data.decode() for entry in entries],
        "metadata": [entry.metadata.decode() for entry in entries],
        "recorded_at": [event.recorded_at for event in events],
        "digests": [event.digest for event in events],
        "chains": [event.chain for event in events],
    }


def _head_columns(heads: Sequence[LogHead]) -> dict[str, list[Any]]:
    return {
        "user_ids": [head.user_id for head in heads],
        "sequences": [head.sequence for head in heads],
        "chains": [head.chain for head in heads],
        "last_task_ids": [head.last_task_id for head in heads],
        "recorded_at": [head.recorded_at for head in heads],
        "erased_through": [head.erased_through for head in heads],
    }
