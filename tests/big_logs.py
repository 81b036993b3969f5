"""Large logs for proofs and measurements, written by the product's own code but for the handler."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from events.codec import schema_version_of, type_of
from events.database import Connection
from events.envelope import Metadata, NewEvent
from events.head import Entry, LogHead, record
from events.statements import statement
from events.tasks import (
    TaskCompleted,
    TaskCreated,
    TaskDescribed,
    TaskEvent,
    TaskRenamed,
    TaskReopened,
)

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
EVENTS_OF_A_TASK = 5
TASKS_OF_A_USER = 10
EVENTS_OF_A_USER = EVENTS_OF_A_TASK * TASKS_OF_A_USER

_HEADS = statement("events", "import_heads")
_COLUMNS = (
    "user_id, sequence, task_id, version, type, schema_version, data, metadata, recorded_at,"
    " digest, chain"
)


@dataclass(frozen=True, slots=True)
class Log:
    """One user's log: its entries and where it stands after them."""

    head: LogHead
    entries: list[Entry]


async def fill(connection: Connection, events: int) -> None:
    """Write about so many events of many users into an empty database; no read table is filled.

    Users' events come mixed, as they do in life, so that reading a log goes all over the table.
    """
    for first in range(0, events // EVENTS_OF_A_USER, 1_000):
        users = range(first, min(first + 1_000, events // EVENTS_OF_A_USER))
        logs = [_log(f"user-{number:07}") for number in users]
        await _write(connection, logs)
    await connection.execute(
        "update taskfold.projection set version = 0 where name <> 'daily_activity'"
    )
    await connection.execute("analyze taskfold.event, taskfold.user_log")


async def _write(connection: Connection, logs: list[Log]) -> None:
    async with connection.transaction():
        # Whom row-level security binds may not copy.
        await connection.execute("alter table taskfold.event no force row level security")
        async with (
            connection.cursor() as cursor,
            cursor.copy(f"copy taskfold.event ({_COLUMNS}) from stdin") as copy,
        ):
            for entries in zip(*(log.entries for log in logs), strict=True):
                for entry in entries:
                    await copy.write_row(_values(entry))
        await connection.execute("alter table taskfold.event force row level security")
        heads = [log.head for log in logs]
        parameters: dict[str, list[Any]] = {
            "user_ids": [head.user_id for head in heads],
            "sequences": [head.sequence for head in heads],
            "chains": [head.chain for head in heads],
            "last_task_ids": [head.last_task_id for head in heads],
            "recorded_at": [head.recorded_at for head in heads],
            "erased_through": [head.erased_through for head in heads],
            "cleared_through": [head.cleared_through for head in heads],
        }
        await connection.execute(_HEADS, parameters)


def _log(user_id: str) -> Log:
    head, entries, now = LogHead(user_id=user_id), list[Entry](), BEGAN
    metadata = Metadata(actor=user_id, command="c", request_id=user_id, correlation_id=user_id)
    for task_id, version, payload in _facts():
        new = NewEvent(task_id=task_id, version=version, payload=payload, metadata=metadata)
        now += timedelta(minutes=random.randrange(600))
        head, entry = record(head, new, now)
        entries.append(entry)
    return Log(head, entries)


def _facts() -> Iterator[tuple[int, int, TaskEvent]]:
    for task_id in range(1, TASKS_OF_A_USER + 1):
        title = f"Task {task_id} of {random.randrange(10**6)}"
        yield task_id, 1, TaskCreated(title=title, description="", order=float(task_id))
        yield task_id, 2, TaskDescribed(description="What is to be done about it, in a sentence.")
        yield task_id, 3, TaskCompleted()
        yield task_id, 4, TaskRenamed(title=f"{title}, again")
        yield task_id, 5, TaskReopened()


def _values(entry: Entry) -> tuple[object, ...]:
    event = entry.event
    return (
        event.user_id,
        event.sequence,
        event.task_id,
        event.version,
        type_of(event.payload),
        schema_version_of(event.payload),
        entry.data.decode(),
        entry.metadata.decode(),
        event.recorded_at,
        event.digest,
        event.chain,
    )
