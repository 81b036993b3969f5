"""Reading the read tables. Every function takes whose rows to read first."""

from psycopg.rows import class_row

from events.binding import UserReader
from events.reader import read_stream, recorded
from events.statements import statement
from projections.task import Task, fold

_GET_TASK = statement("projections.queries", "get_task")
_LIST_TASKS = statement("projections.queries", "list_tasks")


async def get_task(reader: UserReader, task_id: int) -> Task | None:
    """Find one of a user's tasks, deleted ones included."""
    found = await reader.rows(_GET_TASK, {"task_id": task_id}, class_row(Task))
    return next(iter(found), None)


async def get_task_version(reader: UserReader, task_id: int, version: int) -> Task:
    """Give one of a user's tasks as it was at a version; it must have reached it.

    The read table has it unless the task has moved on; then it is folded from history.
    """
    now = await get_task(reader, task_id)
    if now is not None and now.version == version:
        return now
    rows = await read_stream(reader, task_id)
    return fold([recorded(row) for row in rows if row.version <= version])


async def list_tasks(reader: UserReader, *, limit: int, before: int | None = None) -> list[Task]:
    """List a user's tasks, newest first, without the deleted ones.

    Args:
        reader: Reads the rows of whoever asks.
        limit: The most tasks to give.
        before: Only tasks with a lower number than this.
    """
    return await reader.rows(_LIST_TASKS, {"before": before, "limit": limit}, class_row(Task))
