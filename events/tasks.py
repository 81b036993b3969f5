"""The facts that can happen to a task, one frozen class each, in the past tense."""

from dataclasses import dataclass
from enum import StrEnum


class Priority(StrEnum):
    """How much a task matters to its owner, from least to most."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCreated:
    """A task came into being with everything its author said of it."""

    title: str
    description: str
    order: float
    priority: Priority = Priority.NONE
    tags: tuple[str, ...] = ()
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRenamed:
    """The title changed."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDescribed:
    """The description changed; empty means it was cleared."""

    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReordered:
    """The task moved within its owner's own ordering."""

    order: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPrioritised:
    """The task came to matter more, or less."""

    priority: Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRetagged:
    """The set of tags changed; these are all it has since, sorted."""

    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRescheduled:
    """The day or time it is due changed; empty means that it is due at none."""

    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCompleted:
    """The task was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReopened:
    """A done task became open again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDeleted:
    """The task left the list; its history stays and it can be restored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRestored:
    """A deleted task came back as it was."""


type TaskEvent = (
    TaskCreated
    | TaskRenamed
    | TaskDescribed
    | TaskReordered
    | TaskPrioritised
    | TaskRetagged
    | TaskRescheduled
    | TaskCompleted
    | TaskReopened
    | TaskDeleted
    | TaskRestored
)
