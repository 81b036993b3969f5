"""The `task_change` projection: every change of every field, before and after."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, assert_never

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, Field, SQLModel

from events.codec import type_of
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
from projections.errors import UnhandledEventError
from projections.projection import Key, Mode, Projection, Row
from projections.terms import folded

NAME = "task_change"

type Value = str | float | bool | list[str] | None

UNSET: Mapping[str, Value] = {
    "title": None,
    "description": "",
    "order": None,
    "priority": Priority.NONE.value,
    "tags": [],
    "due": None,
    "completed": False,
    "deleted": False,
}
"""The fields of a task, and what each holds before anybody has said anything of it."""


class TaskChangeTable(SQLModel, table=True):
    """What changed in every user's tasks: a row for each field and event that changed it."""

    __tablename__ = NAME  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar = (
        CheckConstraint("task_id >= 1", name="task_change_task_id_check"),
        CheckConstraint("version >= 1", name="task_change_version_check"),
        {"schema": SCHEMA},
    )

    user_id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    task_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    field: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    type: str = Field(sa_column=Column(Text, nullable=False))
    actor: str = Field(sa_column=Column(Text, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    before: Any = Field(sa_column=Column(JSONB, nullable=False))
    after: Any = Field(sa_column=Column(JSONB, nullable=False))
    title_key: str | None = Field(sa_column=Column(Text(collation="C")))


class TaskChange(Row, frozen=True):
    """One field of one task, changed by one event.

    Attributes:
        title_key: What a title is sorted by; None for other fields.
    """

    task_id: int
    field: str
    sequence: int
    version: int
    type: str
    actor: str
    recorded_at: datetime
    before: Value
    after: Value
    title_key: str | None = None


def keys(event: LoggedEvent) -> tuple[Key, ...]:
    """Give the fields an event changes."""
    return tuple((event.user_id, event.task_id, field) for field, _ in _values(event))


def evolve(last: TaskChange | None, event: LoggedEvent, key: Key) -> TaskChange:
    """Give the change of a field by an event, from the last change of that field."""
    field = str(key[-1])
    after = dict(_values(event))[field]
    return TaskChange(
        user_id=event.user_id,
        task_id=event.task_id,
        field=field,
        sequence=event.sequence,
        version=event.version,
        type=type_of(event.payload),
        actor=event.metadata.actor,
        recorded_at=event.recorded_at,
        before=_unset(field, event) if last is None else last.after,
        after=after,
        title_key=folded(str(after)) if field == "title" else None,
    )


def _values(event: LoggedEvent) -> Iterator[tuple[str, Value]]:  # noqa: C901 - one case per event is the clearest form
    match event.payload:
        case TaskCreated() as payload:
            yield from _first_values(event, payload)
        case TaskRenamed(title=title):
            yield "title", title
        case TaskDescribed(description=description):
            yield "description", description
        case TaskReordered(order=order):
            yield "order", order
        case TaskPrioritised(priority=priority):
            yield "priority", priority.value
        case TaskRetagged(tags=tags):
            yield "tags", list(tags)
        case TaskRescheduled(due=due):
            yield "due", due or None
        case TaskCompleted() | TaskReopened():
            yield "completed", isinstance(event.payload, TaskCompleted)
        case TaskDeleted() | TaskRestored():
            yield "deleted", isinstance(event.payload, TaskDeleted)
        case LogErased() | Redacted():
            raise UnhandledEventError(NAME, event)
        case _:
            assert_never(event.payload)


def _first_values(event: LoggedEvent, payload: TaskCreated) -> Iterator[tuple[str, Value]]:
    yield "title", payload.title
    rest: Mapping[str, Value] = {
        "description": payload.description,
        "order": payload.order,
        "priority": payload.priority.value,
        "tags": list(payload.tags),
        "due": payload.due or None,
    }
    # A row only for what somebody has said: most tasks begin with none of these.
    for field, value in rest.items():
        if value != _unset(field, event):
            yield field, value


def _unset(field: str, event: LoggedEvent) -> Value:
    return float(event.task_id) if field == "order" else UNSET[field]


TASK_CHANGE = Projection(
    name=NAME,
    version=1,
    mode=Mode.INLINE,
    table=TaskChangeTable,
    row=TaskChange,
    keys=keys,
    evolve=evolve,
    history=True,
)
