"""The `task` projection: every task as its events have left it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import assert_never

from events.envelope import RecordedEvent
from events.tasks import (
    TaskCompleted,
    TaskCreated,
    TaskDeleted,
    TaskDescribed,
    TaskRenamed,
    TaskReopened,
    TaskReordered,
    TaskRestored,
)
from projections.errors import MissingRowError

NAME = "task"
VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A row of the read table: one task as it is now; instants are UTC."""

    user_id: str
    task_id: int
    version: int
    title: str
    description: str
    order: float
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None = None
    deleted_at: datetime | None = None


def fold(events: Sequence[RecordedEvent]) -> Task:
    """Give a task's row after its events, all of them from the first."""
    first, *rest = events
    return reduce(evolve, rest, evolve(None, first))


def evolve(task: Task | None, event: RecordedEvent) -> Task:
    """Give a task's row after one more of its events.

    Raises:
        MissingRowError: The event needs a row that is not there; the projection is behind.
    """
    if isinstance(event.payload, TaskCreated):
        return _created(event, event.payload)
    if task is None:
        raise MissingRowError(NAME, event)
    changed = _changed(task, event)
    return replace(changed, version=event.version, updated_at=event.recorded_at)


def _created(event: RecordedEvent, payload: TaskCreated) -> Task:
    return Task(
        user_id=event.user_id,
        task_id=event.task_id,
        version=event.version,
        title=payload.title,
        description=payload.description,
        order=payload.order,
        created_at=event.recorded_at,
        updated_at=event.recorded_at,
    )


def _changed(task: Task, event: RecordedEvent) -> Task:  # noqa: C901, PLR0911 - one case per event is the clearest form
    match event.payload:
        case TaskCreated() as payload:
            return _created(event, payload)
        case TaskRenamed(title=title):
            return replace(task, title=title)
        case TaskDescribed(description=description):
            return replace(task, description=description)
        case TaskReordered(order=order):
            return replace(task, order=order)
        case TaskCompleted():
            return replace(task, completed_at=event.recorded_at)
        case TaskReopened():
            return replace(task, completed_at=None)
        case TaskDeleted():
            return replace(task, deleted_at=event.recorded_at)
        case TaskRestored():
            return replace(task, deleted_at=None)
        case _:
            assert_never(event.payload)
