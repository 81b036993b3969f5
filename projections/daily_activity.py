"""The `daily_activity` projection: how much a user got done on each day, for charts."""

from datetime import UTC, date
from typing import ClassVar

from msgspec.structs import replace
from sqlalchemy import Date, Integer, Text
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
from projections.errors import UnhandledEventError
from projections.projection import Key, Mode, Projection, Row

NAME = "daily_activity"


class DailyActivityTable(SQLModel, table=True):
    """What every user did on each day (UTC): a row for each day on which they did something."""

    __tablename__ = NAME  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar = ({"schema": SCHEMA},)

    user_id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    day: date = Field(sa_column=Column(Date, primary_key=True))
    created: int = Field(sa_column=Column(Integer, nullable=False))
    completed: int = Field(sa_column=Column(Integer, nullable=False))
    reopened: int = Field(sa_column=Column(Integer, nullable=False))
    deleted: int = Field(sa_column=Column(Integer, nullable=False))


class DailyActivity(Row, frozen=True):
    """What one user did on one day (UTC)."""

    day: date
    created: int = 0
    completed: int = 0
    reopened: int = 0
    deleted: int = 0


def keys(event: LoggedEvent) -> tuple[Key]:
    """Give the day an event belongs to."""
    return ((event.user_id, _day(event)),)


def evolve(day: DailyActivity | None, event: LoggedEvent, _key: Key) -> DailyActivity:
    """Count one more event.

    Raises:
        UnhandledEventError: It is of a type that was neither counted nor ignored before.
    """
    so_far = DailyActivity(user_id=event.user_id, day=_day(event)) if day is None else day
    match event.payload:
        case TaskCreated():
            return replace(so_far, created=so_far.created + 1)
        case TaskCompleted():
            return replace(so_far, completed=so_far.completed + 1)
        case TaskReopened():
            return replace(so_far, reopened=so_far.reopened + 1)
        case TaskDeleted():
            return replace(so_far, deleted=so_far.deleted + 1)
        case _:
            raise UnhandledEventError(NAME, event)


def _day(event: LoggedEvent) -> date:
    return event.recorded_at.astimezone(UTC).date()


DAILY_ACTIVITY = Projection(
    name=NAME,
    version=1,
    mode=Mode.ASYNC,
    table=DailyActivityTable,
    row=DailyActivity,
    keys=keys,
    evolve=evolve,
    ignored=frozenset(
        {
            TaskRenamed,
            TaskDescribed,
            TaskReordered,
            TaskPrioritised,
            TaskRetagged,
            TaskRescheduled,
            TaskRestored,
        }
    ),
)
