"""What a user may ask of their tasks, one frozen class each, in the imperative."""

from dataclasses import dataclass, field

from events.tasks import Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTask:
    """Start a task; without an order it goes after every earlier one."""

    title: str
    description: str = ""
    order: float | None = None
    priority: Priority = Priority.NONE
    tags: tuple[str, ...] = ()
    due: str = ""
    completed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTask:
    """Change some fields of a task; None leaves a field as it is, an empty due is none at all."""

    task_id: int
    title: str | None = None
    description: str | None = None
    order: float | None = None
    priority: Priority | None = None
    tags: tuple[str, ...] | None = None
    due: str | None = None
    completed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteTask:
    """Mark a task done."""

    task_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenTask:
    """Mark a done task open again."""

    task_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToggleTask:
    """Mark an open task done, or a done one open; repeating it undoes it, except under its key."""

    task_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteTask:
    """Take a task off the list, recoverably."""

    task_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTask:
    """Bring a deleted task back."""

    task_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteTasks:
    """Take several tasks off the list, passing over those that are off it already.

    Attributes:
        selection: What was asked for, in one spelling.
        task_ids: The tasks found for that.
        before: How many were deleted in earlier parts of the same work.
    """

    selection: str
    task_ids: tuple[int, ...] = field(default=(), metadata={"found": True})
    before: int = field(default=0, metadata={"found": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseLog:
    """Have all that the log says forgotten, for ever."""


type TaskCommand = (
    CreateTask | EditTask | CompleteTask | ReopenTask | ToggleTask | DeleteTask | RestoreTask
)

type Command = TaskCommand | DeleteTasks | EraseLog
"""Everything that may be asked."""
