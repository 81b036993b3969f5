"""The rules: which facts a command leads to, given what the task is now. Pure."""

from collections.abc import Iterator
from typing import assert_never

from commands.errors import TaskDeletedError, TaskNotFoundError
from commands.state import DeletedTask, Details, DoneTask, LiveTask, NoTask, OpenTask, TaskState
from commands.tasks import (
    CompleteTask,
    CreateTask,
    DeleteTask,
    EditTask,
    ReopenTask,
    ReplaceTask,
    RestoreTask,
    TaskCommand,
    ToggleTask,
)
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


def decide(  # noqa: C901, PLR0911 - one case per command is the clearest form
    command: TaskCommand, state: TaskState, *, task_id: int
) -> tuple[TaskEvent, ...]:
    """Turn a command into the facts it leads to; none when it changes nothing.

    Args:
        command: What is asked.
        state: What the task is now.
        task_id: The task's number; for a new task the number it will get.

    Raises:
        TaskNotFoundError: There is no such task.
        TaskDeletedError: The task is deleted, and the command is not to restore it.
    """
    match command:
        case CreateTask():
            return tuple(_creation(command, task_id))
        case EditTask():
            return tuple(_edits(command, _live(state, task_id)))
        case ReplaceTask():
            return tuple(_edits(_everything(command, task_id), _live(state, task_id)))
        case CompleteTask():
            return tuple(_completion(_live(state, task_id), completed=True))
        case ReopenTask():
            return tuple(_completion(_live(state, task_id), completed=False))
        case ToggleTask():
            task = _live(state, task_id)
            return tuple(_completion(task, completed=isinstance(task, OpenTask)))
        case DeleteTask():
            _live(state, task_id)
            return (TaskDeleted(),)
        case RestoreTask():
            return _restoration(state, task_id)
        case _:
            assert_never(command)


def _creation(command: CreateTask, task_id: int) -> Iterator[TaskEvent]:
    order = _order(command, task_id)
    yield TaskCreated(
        title=command.title,
        description=command.description,
        order=order,
        priority=command.priority,
        tags=command.tags,
        due=command.due,
    )
    if command.completed:
        yield TaskCompleted()


def _everything(command: ReplaceTask, task_id: int) -> EditTask:
    return EditTask(
        task_id=task_id,
        title=command.title,
        description=command.description,
        order=_order(command, task_id),
        priority=command.priority,
        tags=command.tags,
        due=command.due,
        completed=command.completed,
    )


def _order(command: CreateTask | ReplaceTask, task_id: int) -> float:
    return float(task_id) if command.order is None else command.order


def _edits(command: EditTask, task: LiveTask) -> Iterator[TaskEvent]:
    now = task.details
    if command.title not in (None, now.title):
        yield TaskRenamed(title=command.title)
    if command.description not in (None, now.description):
        yield TaskDescribed(description=command.description)
    if command.order not in (None, now.order):
        yield TaskReordered(order=command.order)
    yield from _planning(command, now)
    if command.completed is not None:
        yield from _completion(task, completed=command.completed)


def _planning(command: EditTask, now: Details) -> Iterator[TaskEvent]:
    if command.priority not in (None, now.priority):
        yield TaskPrioritised(priority=command.priority)
    if command.tags not in (None, now.tags):
        yield TaskRetagged(tags=command.tags)
    if command.due not in (None, now.due):
        yield TaskRescheduled(due=command.due)


def _completion(task: LiveTask, *, completed: bool) -> Iterator[TaskEvent]:
    match task:
        case OpenTask() if completed:
            yield TaskCompleted()
        case DoneTask() if not completed:
            yield TaskReopened()
        case _:
            return


def _restoration(state: TaskState, task_id: int) -> tuple[TaskEvent, ...]:
    match state:
        case DeletedTask():
            return (TaskRestored(),)
        case NoTask():
            raise TaskNotFoundError(task_id)
        case OpenTask() | DoneTask():
            return ()
        case _:
            assert_never(state)


def _live(state: TaskState, task_id: int) -> LiveTask:
    match state:
        case OpenTask() | DoneTask():
            return state
        case DeletedTask():
            raise TaskDeletedError(task_id)
        case NoTask():
            raise TaskNotFoundError(task_id)
        case _:
            assert_never(state)
