"""A task as it is sent: what its documented model says, without the cost of validating it again."""

from datetime import UTC, datetime

import msgspec

from api.http.task_view import task_url
from projections.task import RANKS, Task

_PRIORITIES = tuple(map(str, RANKS))


class ShownTask(msgspec.Struct, frozen=True, gc=False):
    """What `api.http.task_view.Task` documents, member for member."""

    id: int
    url: str
    title: str
    description: str
    completed: bool
    completed_at: datetime | None
    order: float
    priority: str
    tags: list[str]
    due: str | None
    created_at: datetime
    updated_at: datetime
    version: int


def shown_task(task: Task, base_url: str) -> ShownTask:
    """Show a task to its owner."""
    return ShownTask(
        task.task_id,
        task_url(base_url, task.task_id),
        task.title,
        task.description,
        task.completed_at is not None,
        _utc(task.completed_at) if task.completed_at else None,
        task.order,
        _PRIORITIES[task.priority],
        task.tags,
        task.due,
        _utc(task.created_at),
        _utc(task.updated_at),
        task.version,
    )


def _utc(instant: datetime) -> datetime:
    # PostgreSQL gives instants in the time zone of its own configuration, which mostly is this one.
    return instant if instant.tzinfo is UTC else instant.astimezone(UTC)
