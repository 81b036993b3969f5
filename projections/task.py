"""The `task` projection: every task as its events have left it."""

from datetime import datetime
from typing import ClassVar, assert_never

from msgspec.structs import replace
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Double,
    Index,
    Integer,
    SmallInteger,
    Text,
    and_,
    column,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Column, Field, SQLModel

from events.envelope import LoggedEvent
from events.log_events import LogErased, Redacted
from events.tables import SCHEMA
from events.tasks import (
    Priority,
    TaskCompleted,
    TaskCreated,
    TaskDeleted,
    TaskDescribed,
    TaskPrioritised,
    TaskRenamed,
    TaskReopened,
    TaskReordered,
    TaskRescheduled,
    TaskRestored,
    TaskRetagged,
)
from projections.due import due_at
from projections.errors import MissingRowError, UnhandledEventError
from projections.projection import Key, Mode, Projection, Row
from projections.terms import folded

NAME = "task"

RANKS = {priority: rank for rank, priority in enumerate(Priority)}
"""Priorities as numbers that sort as they do."""

_LISTED = column("deleted_at").is_(None)
_OPEN = and_(column("completed_at").is_(None), _LISTED)


class TaskTable(SQLModel, table=True):
    """Every user's tasks as they are now; deleted ones stay, marked, so they can be restored."""

    # SQLModel declares the name as a method, so no plain string can please the type checker.
    __tablename__ = NAME  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar = (
        CheckConstraint("task_id >= 1", name="task_task_id_check"),
        CheckConstraint("version >= 1", name="task_version_check"),
        CheckConstraint("sequence >= 1", name="task_sequence_check"),
        CheckConstraint("priority between 0 and 3", name="task_priority_check"),
        # What is listed all the time; each of these costs every write. What the rest sorts by, it
        # sorts by itself, among rows of one user.
        Index(
            "task_created_idx",
            "user_id",
            column("completed_at").is_(None),
            "task_id",
            postgresql_where=_LISTED,
        ),
        Index("task_due_idx", "user_id", "due_at", "task_id", postgresql_where=_OPEN),
        Index("task_priority_idx", "user_id", "priority", "task_id", postgresql_where=_OPEN),
        Index("task_order_idx", "user_id", "order", "task_id", postgresql_where=_OPEN),
        # What was changed last, deleted tasks apart: who catches up must hear of those, too.
        Index("task_sequence_idx", "user_id", _LISTED, "sequence"),
        {"schema": SCHEMA},
    )

    user_id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    task_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    sequence: int = Field(sa_column=Column(BigInteger, nullable=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    description: str = Field(sa_column=Column(Text, nullable=False))
    order: float = Field(sa_column=Column("order", Double, nullable=False))
    priority: int = Field(sa_column=Column(SmallInteger, nullable=False))
    tags: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    due: str | None = Field(sa_column=Column(Text))
    due_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    updated_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    completed_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    deleted_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    title_key: str = Field(sa_column=Column(Text(collation="C"), nullable=False))


class Task(Row, frozen=True):
    """One task as it is now; instants are UTC.

    Attributes:
        sequence: The last event that changed it, in its user's log.
        priority: Its rank among the priorities, from 0.
        due: A date, or a date-time with offset and zone (RFC 9557); None when it is due at none.
        due_at: The instant of that; for a date, the last one of its day in UTC.
        title_key: What the title is sorted by.
    """

    task_id: int
    version: int
    sequence: int
    title: str
    description: str
    order: float
    priority: int
    tags: list[str]
    due: str | None
    due_at: datetime | None
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None = None
    deleted_at: datetime | None = None
    title_key: str = ""


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
    moved = {
        "version": event.version,
        "sequence": event.sequence,
        "updated_at": event.recorded_at,
    }
    return _changed(task, event, **moved)


def _created(event: LoggedEvent, payload: TaskCreated) -> Task:
    return Task(
        user_id=event.user_id,
        task_id=event.task_id,
        version=event.version,
        sequence=event.sequence,
        title=payload.title,
        description=payload.description,
        order=payload.order,
        priority=RANKS[payload.priority],
        tags=list(payload.tags),
        due=payload.due or None,
        due_at=due_at(payload.due),
        created_at=event.recorded_at,
        updated_at=event.recorded_at,
        title_key=folded(payload.title),
    )


def _changed(task: Task, event: LoggedEvent, **moved: object) -> Task:  # noqa: C901, PLR0911, PLR0912 - one case per event is the clearest form
    match event.payload:
        case TaskCreated() as payload:
            return _created(event, payload)
        case TaskRenamed(title=title):
            return replace(task, **moved, title=title, title_key=folded(title))
        case TaskDescribed(description=description):
            return replace(task, **moved, description=description)
        case TaskReordered(order=order):
            return replace(task, **moved, order=order)
        case TaskPrioritised(priority=priority):
            return replace(task, **moved, priority=RANKS[priority])
        case TaskRetagged(tags=tags):
            return replace(task, **moved, tags=list(tags))
        case TaskRescheduled(due=due):
            return replace(task, **moved, due=due or None, due_at=due_at(due))
        case TaskCompleted():
            return replace(task, **moved, completed_at=event.recorded_at)
        case TaskReopened():
            return replace(task, **moved, completed_at=None)
        case TaskDeleted():
            return replace(task, **moved, deleted_at=event.recorded_at)
        case TaskRestored():
            return replace(task, **moved, deleted_at=None)
        case LogErased() | Redacted():
            raise UnhandledEventError(NAME, event)
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
