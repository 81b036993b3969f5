"""The projections that are written in the append's own transaction."""

from collections.abc import Sequence
from typing import Any

from psycopg.rows import class_row

from events.database import Connection
from events.envelope import RecordedEvent
from events.statements import statement
from projections.task import Task, evolve

_LOAD_TASKS = statement("projections", "load_tasks")
_STORE_TASKS = statement("projections", "store_tasks")

type TaskKey = tuple[str, int]


async def project(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    """Fold events, given in order, into the read tables, in the transaction that appends them."""
    tasks = await _load(connection, {(event.user_id, event.task_id) for event in events})
    for event in events:
        key = (event.user_id, event.task_id)
        tasks[key] = evolve(tasks.get(key), event)
    await connection.execute(_STORE_TASKS, _columns(list(tasks.values())))


async def _load(connection: Connection, keys: set[TaskKey]) -> dict[TaskKey, Task]:
    user_ids, task_ids = zip(*keys, strict=True)
    cursor = connection.cursor(row_factory=class_row(Task))
    await cursor.execute(_LOAD_TASKS, {"user_ids": list(user_ids), "task_ids": list(task_ids)})
    return {(task.user_id, task.task_id): task for task in await cursor.fetchall()}


def _columns(tasks: Sequence[Task]) -> dict[str, list[Any]]:
    return {
        "user_ids": [task.user_id for task in tasks],
        "task_ids": [task.task_id for task in tasks],
        "versions": [task.version for task in tasks],
        "titles": [task.title for task in tasks],
        "descriptions": [task.description for task in tasks],
        "orders": [task.order for task in tasks],
        "created_at": [task.created_at for task in tasks],
        "updated_at": [task.updated_at for task in tasks],
        "completed_at": [task.completed_at for task in tasks],
        "deleted_at": [task.deleted_at for task in tasks],
    }
