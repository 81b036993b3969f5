"""The bodies clients send about tasks."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from api.http.body import RequestBody
from api.http.task_fields import Description, Due, Order, Priority, Tags, Title
from commands.tasks import CreateTask, EditTask, ReplaceTask
from events.tasks import Priority as Level

READ_ONLY = frozenset(
    {"id", "url", "completed_at", "created_at", "updated_at", "version", "user_id"}
)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default")


def _fields(sent: dict[str, Any]) -> dict[str, Any]:
    """Give the fields of a body as commands have them: nothing to do is no due at all."""
    if "tags" in sent:
        sent["tags"] = tuple(sent["tags"] or ())
    cleared = {"description": "", "priority": Level.NONE, "due": ""}
    return sent | {name: value for name, value in cleared.items() if sent.get(name, 0) is None}


Completed = Annotated[bool, Field(description="Whether the task is done.", examples=[True])]
LeftOut = Field(json_schema_extra=_without_default)
"""Marks a field whose default only says that it may be left out: commands hold what was sent."""


class NewTask(RequestBody):
    """A task to be created."""

    read_only: ClassVar[frozenset[str]] = READ_ONLY

    title: Title
    description: Description = ""
    completed: Completed = False
    order: Annotated[Order, LeftOut] = 0.0
    priority: Priority = Level.NONE
    tags: Tags = Field(default=[])
    due: Due | None = None

    def command(self) -> CreateTask:
        """Say what the client asks for."""
        return CreateTask(**_fields(self.model_dump(exclude_unset=True)))


class TaskReplacement(RequestBody):
    """Everything a client may set of a task; what is left out falls back to its default."""

    read_only: ClassVar[frozenset[str]] = READ_ONLY

    title: Title
    description: Description = ""
    completed: Completed = False
    order: Annotated[Order, LeftOut] = 0.0
    priority: Priority = Level.NONE
    tags: Tags = Field(default=[])
    due: Due | None = None

    def command(self, task_id: int) -> ReplaceTask:
        """Say what the client asks for."""
        return ReplaceTask(task_id=task_id, **_fields(self.model_dump(exclude_unset=True)))


class TaskPatch(RequestBody):
    """Some fields of a task, as a merge patch (RFC 7396): null clears what can be empty."""

    read_only: ClassVar[frozenset[str]] = READ_ONLY

    title: Annotated[Title, LeftOut] = ""
    description: Annotated[Description | None, LeftOut] = None
    completed: Annotated[Completed, LeftOut] = False
    order: Annotated[Order, LeftOut] = 0.0
    priority: Annotated[Priority | None, LeftOut] = None
    tags: Annotated[Tags | None, LeftOut] = None
    due: Annotated[Due | None, LeftOut] = None

    def command(self, task_id: int) -> EditTask:
        """Say what the client asks for."""
        return EditTask(task_id=task_id, **_fields(self.model_dump(exclude_unset=True)))
