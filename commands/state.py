"""What the facts about a task add up to: a union of states, folded from events. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, assert_never

from commands.errors import ImpossibleEventError
from events.log_events import LogErased, Payload, Redacted
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a task says, whether open or done."""

    title: str
    description: str
    order: float
    priority: Priority
    tags: tuple[str, ...]
    due: str


@dataclass(frozen=True, slots=True)
class NoTask:
    """Nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task still to be done."""

    details: Details


@dataclass(frozen=True, slots=True)
class DoneTask:
    """A completed task."""

    details: Details


type LiveTask = OpenTask | DoneTask


@dataclass(frozen=True, slots=True)
class DeletedTask:
    """A deleted task, and what it will be when restored."""

    was: LiveTask


type TaskState = NoTask | LiveTask | DeletedTask

INITIAL: TaskState = NoTask()


def fold(events: Iterable[Payload], state: TaskState = INITIAL) -> TaskState:
    """Add events up, in order, onto a state."""
    return reduce(evolve, events, state)


def evolve(state: TaskState, event: Payload) -> TaskState:  # noqa: C901, PLR0911, PLR0912 - one case per event is the clearest form
    """Give the state after one more event.

    Raises:
        ImpossibleEventError: The event cannot have happened in this state; the log is damaged.
    """
    match event:
        case TaskCreated():
            return OpenTask(_details(event))
        case TaskRenamed(title=title):
            return _with(_live(state, event), title=title)
        case TaskDescribed(description=description):
            return _with(_live(state, event), description=description)
        case TaskReordered(order=order):
            return _with(_live(state, event), order=order)
        case TaskPrioritised(priority=priority):
            return _with(_live(state, event), priority=priority)
        case TaskRetagged(tags=tags):
            return _with(_live(state, event), tags=tags)
        case TaskRescheduled(due=due):
            return _with(_live(state, event), due=due)
        case TaskCompleted():
            return DoneTask(_live(state, event).details)
        case TaskReopened():
            return OpenTask(_live(state, event).details)
        case TaskDeleted():
            return DeletedTask(_live(state, event))
        case TaskRestored():
            return _deleted(state, event).was
        case LogErased() | Redacted():
            return INITIAL
        case _:
            assert_never(event)


def _details(created: TaskCreated) -> Details:
    return Details(
        title=created.title,
        description=created.description,
        order=created.order,
        priority=created.priority,
        tags=created.tags,
        due=created.due,
    )


def _with(task: LiveTask, **changes: Any) -> LiveTask:  # noqa: ANN401 - any field of the details
    return replace(task, details=replace(task.details, **changes))


def _live(state: TaskState, event: Payload) -> LiveTask:
    if isinstance(state, OpenTask | DoneTask):
        return state
    raise ImpossibleEventError(state, event)


def _deleted(state: TaskState, event: Payload) -> DeletedTask:
    if isinstance(state, DeletedTask):
        return state
    raise ImpossibleEventError(state, event)
