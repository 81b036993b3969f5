"""Which tasks a list shows, and in which order."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from projections.task import Task


class Sort(StrEnum):
    """What a list is sorted by; what is equal there, by the task's number."""

    CREATED = "created"
    UPDATED = "updated"
    DUE = "due"
    PRIORITY = "priority"
    TITLE = "title"
    ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """What tasks must meet to be listed; None and nothing demand nothing.

    Attributes:
        completed: Whether they are done.
        priority: Their rank among the priorities.
        tags: What they must all have.
        due_before: They are due before this instant.
        due_after: They are due after this instant.
        overdue_at: The instant at which they are open and past due.
        updated_since: Something happened to them at this instant or later.
        text: Words they must all have, in some form.
    """

    completed: bool | None = None
    priority: int | None = None
    tags: tuple[str, ...] = ()
    due_before: datetime | None = None
    due_after: datetime | None = None
    overdue_at: datetime | None = None
    updated_since: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a task stands in a sorted list: what it is sorted by, and its number."""

    key: str | float | None
    task_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a list shows: which tasks, by what, from which end, and after which place."""

    filter: TaskFilter = field(default_factory=TaskFilter)
    sort: Sort = Sort.CREATED
    descending: bool = True
    after: Place | None = None


def place_of(task: Task, sort: Sort) -> Place:
    """Give where a task stands in a list."""
    return Place(_key(task, sort), task.task_id)


def _key(task: Task, sort: Sort) -> str | float | None:
    match sort:
        case Sort.CREATED:
            return None
        case Sort.UPDATED:
            return task.sequence
        case Sort.DUE:
            return task.due_at.isoformat() if task.due_at else None
        case Sort.PRIORITY:
            return task.priority
        case Sort.TITLE:
            return task.title_key
        case Sort.ORDER:
            return task.order
        case _:
            assert_never(sort)
