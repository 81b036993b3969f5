"""Reading tasks as they were at a version of theirs."""

from collections.abc import Mapping
from datetime import UTC, datetime

from psycopg import sql
from psycopg.rows import args_row

from events.binding import UserReader
from events.statements import statement
from projections.queries.moment import check_filled
from projections.queries.past import FIXED, tasks_then
from projections.task import Task

_GET_TASKS = statement("projections.queries", "get_tasks")
_AT_VERSIONS = statement("projections.queries", "tasks_at_versions")

VERSIONS_QUERY = (
    sql.SQL(_AT_VERSIONS)
    .format(tasks=tasks_then("task.task_id = wanted.task_id", "reached.sequence"))
    .as_bytes()
)
"""The statement that reads tasks at their versions."""
WHENEVER = datetime.max.replace(tzinfo=UTC)
"""No task was created after it: a version says by itself when it was."""


async def get_task_version(reader: UserReader, task_id: int, version: int) -> Task | None:
    """Give one of a user's tasks as it was at a version; see `get_task_versions`.

    Raises:
        NotFilledError: The changes of before their table existed are not in it yet.
    """
    return next(iter(await get_task_versions(reader, {task_id: version})), None)


async def get_task_versions(reader: UserReader, versions: Mapping[int, int]) -> list[Task]:
    """Give some of a user's tasks as they were at the version said for each, by their numbers.

    The read table has them unless they have moved on; then what they were is put together from
    their changes, which costs the same however many there are. Those that were erased since are
    left out.

    Raises:
        NotFilledError: The changes of before their table existed are not in it yet.
    """
    rows = await reader.rows(_GET_TASKS, {"task_ids": list(versions)}, args_row(Task))
    found = [task for task in rows if task.version == versions[task.task_id]]
    moved = versions.keys() - {task.task_id for task in found}
    if moved:
        found += await _moved_on(reader, {task_id: versions[task_id] for task_id in moved})
    return sorted(found, key=lambda task: task.task_id)


async def _moved_on(reader: UserReader, versions: Mapping[int, int]) -> list[Task]:
    await check_filled(reader)
    asked = {
        **FIXED,
        "task_ids": list(versions),
        "versions": list(versions.values()),
        "recorded_at": WHENEVER,
    }
    return await reader.rows(VERSIONS_QUERY, asked, args_row(Task), prepare=False)
