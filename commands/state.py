"""What the facts about a task add up to: a union of states, folded from events. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import assert_never

from commands.errors import ImpossibleEventError
from events.tasks import (
    TaskCompleted,
    TaskCreated,
    TaskDeleted,
    TaskDescribed,
    TaskEvent,
    TaskRenamed,
    TaskReopened,
    TaskReordered,
    TaskRestored,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a task says, whether open or done."""

    title: str
    description: str
    order: float


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


def fold(events: Iterable[TaskEvent], state: TaskState = INITIAL) -> TaskState:
    """Add events up, in order, onto a state."""
    return reduce(evolve, events, state)


def evolve(state: TaskState, event: TaskEvent) -> TaskState:  # noqa: C901, PLR0911 - one case per event is the clearest form
    """Give the state after one more event.

    Raises:
        ImpossibleEventError: The event cannot have happened in this state; the log is damaged.
    """
    match event:
        case TaskCreated(title=title, description=description, order=order):
            return OpenTask(Details(title=title, description=description, order=order))
        case TaskRenamed(title=title):
            task = _live(state, event)
            return replace(task, details=replace(task.details, title=title))
        case TaskDescribed(description=description):
            task = _live(state, event)
            return replace(task, details=replace(task.details, description=description))
        case TaskReordered(order=order):
            task = _live(state, event)
            return replace(task, details=replace(task.details, order=order))
        case TaskCompleted():
            return DoneTask(_live(state, event).details)
        case TaskReopened():
            return OpenTask(_live(state, event).details)
        case TaskDeleted():
            return DeletedTask(_live(state, event))
        case TaskRestored():
            return _deleted(state, event).was
        case _:
            assert_never(event)


def _live(state: TaskState, event: TaskEvent) -> LiveTask:
    if isinstance(state, OpenTask | DoneTask):
        return state
    raise ImpossibleEventError(state, event)


def _deleted(state: TaskState, event: TaskEvent) -> DeletedTask:
    if isinstance(state, DeletedTask):
        return state
    raise ImpossibleEventError(state, event)
