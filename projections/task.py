"""The `task` projection: every task as its events have left it."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, assert_never

from msgspec.structs import replace
from sqlalchemy import BigInteger, CheckConstraint, DateTime, Double, Integer, Text
from sqlmodel import Column, Field, SQLModel

from events.envelope import LoggedEvent
from events.tables import SCHEMA
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
from projections.projection import Key, Mode, Projection, Row

NAME = "task"


class TaskTable(SQLModel, table=True):
    """Every user's tasks as they are now; deleted ones stay, marked, so they can be restored."""

    # SQLModel declares the name as a method, so no plain string can please the type checker.
    __tablename__ = NAME  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar = (
        CheckConstraint("task_id >= 1", name="task_task_id_check"),
        CheckConstraint("version >= 1", name="task_version_check"),
        {"schema": SCHEMA},
    )

    user_id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    task_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    description: str = Field(sa_column=Column(Text, nullable=False))
    order: float = Field(sa_column=Column("order", Double, nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    updated_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    completed_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    deleted_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))


class Task(Row, frozen=True):
    """One task as it is now; instants are UTC."""

    task_id: int
    version: int
    title: str
    description: str
    order: float
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None = None
    deleted_at: datetime | None = None


def keys(event: LoggedEvent) -> tuple[Key]:
    """Give the one task an event is about."""
    return ((event.user_id, event.task_id),)


def evolve(task: Task | None, event: LoggedEvent, _key: Key = ()) -> Task:
    """Give a task's row after one more of its events.

    Raises:
        MissingRowError: The event needs a row that is not there; the table is behind.
    """
    if isinstance(event.payload, TaskCreated):
        return _created(event, event.payload)
    if task is None:
        raise MissingRowError(NAME, event)
    return _changed(task, event, version=event.version, updated_at=event.recorded_at)


def fold(events: Sequence[LoggedEvent]) -> Task:
    """Give a task's row after its events, all of them from the first."""
    first, *rest = events
    task = evolve(None, first)
    for event in rest:
        task = evolve(task, event)
    return task


def _created(event: LoggedEvent, payload: TaskCreated) -> Task:
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


def _changed(task: Task, event: LoggedEvent, **moved: object) -> Task:  # noqa: C901, PLR0911 - one case per event is the clearest form
    match event.payload:
        case TaskCreated() as payload:
            return _created(event, payload)
        case TaskRenamed(title=title):
            return replace(task, **moved, title=title)
        case TaskDescribed(description=description):
            return replace(task, **moved, description=description)
        case TaskReordered(order=order):
            return replace(task, **moved, order=order)
        case TaskCompleted():
            return replace(task, **moved, completed_at=event.recorded_at)
        case TaskReopened():
            return replace(task, **moved, completed_at=None)
        case TaskDeleted():
            return replace(task, **moved, deleted_at=event.recorded_at)
        case TaskRestored():
            return replace(task, **moved, deleted_at=None)
        case _:
            assert_never(event.payload)


TASK = Projection(
    name=NAME,
    version=1,
    mode=Mode.INLINE,
    table=TaskTable,
    row=Task,
    keys=keys,
    evolve=evolve,
)
