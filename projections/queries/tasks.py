"""Reading the read tables. Every function takes whose rows to read first."""

from psycopg.rows import class_row

from events.database import Connection
from events.reader import StreamId, read_streams, recorded
from events.statements import statement
from projections.task import Task, fold

_GET_TASK = statement("projections.queries", "get_task")
_LIST_TASKS = statement("projections.queries", "list_tasks")


async def get_task(connection: Connection, user_id: str, task_id: int) -> Task | None:
    """Find one of a user's tasks, deleted ones included."""
    cursor = connection.cursor(row_factory=class_row(Task))
    await cursor.execute(_GET_TASK, {"user_id": user_id, "task_id": task_id})
    return await cursor.fetchone()


async def get_task_version(
    connection: Connection, user_id: str, task_id: int, version: int
) -> Task:
    """Give one of a user's tasks as it was at a version; it must have reached it.

    The read table has it unless the task has moved on; then it is folded from history.
    """
    now = await get_task(connection, user_id, task_id)
    if now is not None and now.version == version:
        return now
    cursor = await read_streams(connection, [StreamId(user_id, task_id)])
    events = [recorded(row) for row in await cursor.fetchall() if row.version <= version]
    return fold(events)


async def list_tasks(
    connection: Connection, user_id: str, *, limit: int, before: int | None = None
) -> list[Task]:
    """List a user's tasks, newest first, without the deleted ones.

    Args:
        connection: Where to read.
        user_id: Whose tasks.
        limit: The most tasks to give.
        before: Only tasks with a lower number than this.
    """
    cursor = connection.cursor(row_factory=class_row(Task))
    await cursor.execute(_LIST_TASKS, {"user_id": user_id, "before": before, "limit": limit})
    return await cursor.fetchall()
