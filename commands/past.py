"""What undoing has to know of a task's past: what each event says, field by field. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from events.tasks import (
    TaskCompleted,
    TaskCreated,
    TaskDeleted,
    TaskDescribed,
    TaskEvent,
    TaskPrioritised,
    TaskRenamed,
    TaskReopened,
    TaskReordered,
    TaskRescheduled,
    TaskRestored,
    TaskRetagged,
)


class Field(StrEnum):
    """What events change of a task."""

    TITLE = "title"
    DESCRIPTION = "description"
    ORDER = "order"
    PRIORITY = "priority"
    TAGS = "tags"
    DUE = "due"
    COMPLETED = "completed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEvent:
    """What undoing has to know of an event of the task.

    Attributes:
        sequence: Its place in the user's log.
        version: Its place in the task's stream.
        payload: The fact.
        recorded_at: When it was recorded.
        continues: Whether the command of the event before it has led to it, too.
        restores: For a compensation, the event whose change it lets hold again.
    """

    sequence: int
    version: int
    payload: TaskEvent
    recorded_at: datetime
    continues: bool = False
    restores: int | None = None

    @property
    def origin(self) -> int:
        """The event whose change holds once this one has happened."""
        return self.restores or self.sequence


def facts_of(event: PastEvent) -> Mapping[Field, TaskEvent]:  # noqa: C901, PLR0911 - one case per event is the clearest form
    """Give what an event says of each field that it changes, as the fact that says that alone."""
    match event.payload:
        case TaskCreated() as created:
            return _first_facts(created)
        case TaskRenamed() as fact:
            return {Field.TITLE: fact}
        case TaskDescribed() as fact:
            return {Field.DESCRIPTION: fact}
        case TaskReordered() as fact:
            return {Field.ORDER: fact}
        case TaskPrioritised() as fact:
            return {Field.PRIORITY: fact}
        case TaskRetagged() as fact:
            return {Field.TAGS: fact}
        case TaskRescheduled() as fact:
            return {Field.DUE: fact}
        case TaskCompleted() | TaskReopened() as fact:
            return {Field.COMPLETED: fact}
        case TaskDeleted() | TaskRestored() as fact:
            return {Field.DELETED: fact}
        case _:
            assert_never(event.payload)


def _first_facts(created: TaskCreated) -> Mapping[Field, TaskEvent]:
    return {
        Field.TITLE: TaskRenamed(title=created.title),
        Field.DESCRIPTION: TaskDescribed(description=created.description),
        Field.ORDER: TaskReordered(order=created.order),
        Field.PRIORITY: TaskPrioritised(priority=created.priority),
        Field.TAGS: TaskRetagged(tags=created.tags),
        Field.DUE: TaskRescheduled(due=created.due),
        Field.COMPLETED: TaskReopened(),
        Field.DELETED: TaskRestored(),
    }
