"""What a user may ask of their tasks, one frozen class each, in the imperative."""

from dataclasses import dataclass, field, replace

from commands.context import CommandContext
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
class ReplaceTask:
    """Set everything of a task; without an order it goes where its number puts it."""

    task_id: int
    title: str
    description: str = ""
    order: float | None = None
    priority: Priority = Priority.NONE
    tags: tuple[str, ...] = ()
    due: str = ""
    completed: bool = False


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
class UndoEvent:
    """Put back what one event has changed.

    Attributes:
        sequence: The event.
        force: Whether to overwrite what was changed later.
        task_id: The task that it happened to, found for that.
    """

    sequence: int
    force: bool = False
    task_id: int = field(metadata={"found": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoLatest:
    """Put back what the latest command has changed of a task; asked twice, it redoes that."""

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
    CreateTask
    | EditTask
    | ReplaceTask
    | CompleteTask
    | ReopenTask
    | ToggleTask
    | DeleteTask
    | RestoreTask
)

type UndoCommand = UndoEvent | UndoLatest


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command of a batch.

    Attributes:
        command: What is asked.
        task: The temporary id of the task it is about, if an earlier step starts that task; the
            command's own number is then not looked at.
        starts: The temporary id by which later steps may name the task it starts.
        key: The key under which the client may ask for the answer to this command alone again.
        expected_versions: The versions of the task that are accepted as its last; None does not
            check.
    """

    command: TaskCommand
    task: str | None = None
    starts: str | None = None
    key: str | None = None
    expected_versions: frozenset[int] | None = None

    def within(self, context: CommandContext) -> CommandContext:
        """Give the step's own part of everything about the batch that is not its commands."""
        return replace(context, idempotency_key=self.key, expected_versions=self.expected_versions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Do several things, one after the other and all at once.

    Attributes:
        steps: What is asked, in order; each sees what those before it did.
        atomic: Whether none is carried out if any is refused.
    """

    steps: tuple[Step, ...]
    atomic: bool = False


type Command = TaskCommand | UndoCommand | DeleteTasks | Batch | EraseLog
"""Everything that may be asked."""
