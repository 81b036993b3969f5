"""The `task_terms` projection: what every task is found by.

Apart from `task`, since PostgreSQL writes all indexes of a row anew whichever column changes: what
says nothing of a task's words would else cost as much as what does.
"""

from typing import ClassVar

from msgspec.structs import replace
from sqlalchemy import BigInteger, CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlmodel import Column, Field, SQLModel

from events.envelope import LoggedEvent
from events.tables import SCHEMA
from events.tasks import (
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
from projections.errors import MissingRowError, UnhandledEventError
from projections.projection import Key, Mode, Projection, Row
from projections.terms import terms

NAME = "task_terms"


class TaskTermsTable(SQLModel, table=True):
    """What every user's tasks say, deleted ones included, and what they are found by."""

    __tablename__ = NAME  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar = (
        CheckConstraint("task_id >= 1", name="task_terms_task_id_check"),
        # Without a list of what is pending, through which every search would go, everybody's.
        Index(
            "task_terms_idx",
            "terms",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
        {"schema": SCHEMA},
    )

    user_id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    task_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    description: str = Field(sa_column=Column(Text, nullable=False))
    tags: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    terms: str = Field(sa_column=Column(TSVECTOR, nullable=False))


class TaskTerms(Row, frozen=True):
    """What one task says, and what it is found by."""

    task_id: int
    title: str
    description: str
    tags: list[str]
    terms: str = ""


def keys(event: LoggedEvent) -> tuple[Key]:
    """Give the one task an event is about."""
    return ((event.user_id, event.task_id),)


def evolve(said: TaskTerms | None, event: LoggedEvent, _key: Key = ()) -> TaskTerms:
    """Give what a task is found by after an event that says something else of it.

    Raises:
        MissingRowError: The event needs a row that is not there; the table is behind.
        UnhandledEventError: It is of a type that was neither handled nor ignored before.
    """
    if isinstance(event.payload, TaskCreated):
        return _found(_created(event, event.payload))
    if said is None:
        raise MissingRowError(NAME, event)
    match event.payload:
        case TaskRenamed(title=title):
            return _found(replace(said, title=title))
        case TaskDescribed(description=description):
            return _found(replace(said, description=description))
        case TaskRetagged(tags=tags):
            return _found(replace(said, tags=list(tags)))
        case _:
            raise UnhandledEventError(NAME, event)


def _created(event: LoggedEvent, payload: TaskCreated) -> TaskTerms:
    return TaskTerms(
        user_id=event.user_id,
        task_id=event.task_id,
        title=payload.title,
        description=payload.description,
        tags=list(payload.tags),
    )


def _found(said: TaskTerms) -> TaskTerms:
    return replace(said, terms=terms(said.user_id, said.title, said.description, said.tags))


TASK_TERMS = Projection(
    name=NAME,
    version=1,
    mode=Mode.INLINE,
    table=TaskTermsTable,
    row=TaskTerms,
    keys=keys,
    evolve=evolve,
    ignored=frozenset(
        {
            TaskReordered,
            TaskPrioritised,
            TaskRescheduled,
            TaskCompleted,
            TaskReopened,
            TaskDeleted,
            TaskRestored,
        }
    ),
)
