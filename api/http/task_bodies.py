"""The bodies clients send about tasks."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from api.http.body import RequestBody
from api.http.task_fields import Description, Order, Title
from commands.tasks import CreateTask, EditTask

READ_ONLY = frozenset(
    {"id", "url", "completed_at", "created_at", "updated_at", "version", "user_id"}
)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default")


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

    def command(self) -> CreateTask:
        """Say what the client asks for."""
        return CreateTask(**self.model_dump(exclude_unset=True))


class TaskReplacement(RequestBody):
    """Everything a client may set of a task; what is left out falls back to its default."""

    read_only: ClassVar[frozenset[str]] = READ_ONLY

    title: Title
    description: Description = ""
    completed: Completed = False
    order: Annotated[Order, LeftOut] = 0.0

    def command(self, task_id: int) -> EditTask:
        """Say what the client asks for."""
        return EditTask(
            task_id=task_id,
            title=self.title,
            description=self.description,
            completed=self.completed,
            order=self.order if "order" in self.model_fields_set else float(task_id),
        )


class TaskPatch(RequestBody):
    """Some fields of a task, as a merge patch (RFC 7396): null clears the description."""

    read_only: ClassVar[frozenset[str]] = READ_ONLY

    title: Annotated[Title, LeftOut] = ""
    description: Annotated[Description | None, LeftOut] = None
    completed: Annotated[Completed, LeftOut] = False
    order: Annotated[Order, LeftOut] = 0.0

    def command(self, task_id: int) -> EditTask:
        """Say what the client asks for."""
        sent = self.model_dump(exclude_unset=True)
        if "description" in sent and sent["description"] is None:
            sent["description"] = ""
        return EditTask(task_id=task_id, **sent)
