"""Everything a person has here, as one document: their tasks, and the log that proves itself."""

from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC

import msgspec

from api.http.reading import read
from api.http.task_view import view
from events.chain import instant
from events.cloud_event import TaskLine
from events.database import Pool
from events.export import Exported, Tally, event_lines, read_own_log
from events.log_size import log_size
from projections.queries.tasks import export_tasks
from projections.task import Task

PAGE = 500
"""Events or tasks read at once: they pass through a server that serves others beside."""


async def personal_export(pool: Pool, user_id: str) -> AsyncGenerator[Exported]:
    """Write a person's tasks and log, part by part; the last part closes the document.

    No connection is held while a part is on its way. The tasks are read first, so the log holds at
    least all that they are made of.
    """
    tally = Tally()
    async for tasks in _tasks(pool, user_id):
        yield tally.add(b"".join(msgspec.json.encode(_line(task)) + b"\n" for task in tasks))
    until = await log_size(pool, user_id)
    for after in range(0, until, PAGE):
        last = min(after + PAGE, until)
        events = await read(
            pool, user_id, lambda reader, a=after, b=last: read_own_log(reader, after=a, until=b)
        )
        yield tally.add(event_lines(events), events=len(events), logs=int(after == 0))
    yield tally.closing()


async def _tasks(pool: Pool, user_id: str) -> AsyncIterator[list[Task]]:
    after = 0
    while True:
        tasks = await read(
            pool, user_id, lambda reader, a=after: export_tasks(reader, after=a, limit=PAGE)
        )
        if not tasks:
            return
        yield tasks
        after = tasks[-1].task_id


def _line(task: Task) -> TaskLine:
    shown = view(task, "").model_dump(mode="json", exclude={"url"})
    deleted_at = task.deleted_at and instant(task.deleted_at.astimezone(UTC))
    return TaskLine(
        id=f"{task.user_id}/tasks/{task.task_id}",
        subject=str(task.task_id),
        time=instant(task.updated_at),
        data={**shown, "deleted_at": deleted_at},
    )
