"""A task as clients see it."""

from datetime import UTC, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from events.tasks import Priority
from projections.task import RANKS, Task as TaskRow

PATH = "/api/tasks"

_PRIORITIES = {rank: priority for priority, rank in RANKS.items()}

EXAMPLE: JsonDict = {
    "id": 12,
    "url": "http://127.0.0.1:8000/api/tasks/12",
    "title": "Water the plants",
    "description": "The one on the balcony too.",
    "completed": True,
    "completed_at": "2026-11-22T10:15:30.123456Z",
    "order": 12.0,
    "priority": "high",
    "tags": ["home", "plants"],
    "due": "2026-12-24T17:00:00+01:00[Europe/Vienna]",
    "created_at": "2026-11-21T08:00:00.654321Z",
    "updated_at": "2026-11-22T10:15:30.123456Z",
    "version": 2,
}


class Task(BaseModel):
    """One of the caller's tasks as it is now."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: int = Field(description="The task's number, counted per user.", ge=1)
    url: str = Field(
        description="Where the task is, absolute.", json_schema_extra={"format": "uri"}
    )
    title: str
    description: str = Field(description="Empty when there is none.")
    completed: bool
    completed_at: AwareDatetime | None = Field(description="When it was done, UTC.")
    order: float = Field(description="Where the client sorts the task among the others.")
    priority: Priority
    tags: list[str] = Field(description="Sorted, in small letters, none twice.")
    due: str | None = Field(
        description="A date, or a date-time with its offset and IANA zone (RFC 9557)."
    )
    created_at: AwareDatetime = Field(description="UTC.")
    updated_at: AwareDatetime = Field(description="When anything last happened to it, UTC.")
    version: int = Field(
        description="Counts what happened to the task; the number in its ETag.", ge=1
    )


def task_url(base_url: str, task_id: int) -> str:
    """Give a task's address."""
    return f"{base_url}{PATH}/{task_id}"


def view(task: TaskRow, base_url: str) -> Task:
    """Show a task to its owner."""
    return Task(
        id=task.task_id,
        url=task_url(base_url, task.task_id),
        title=task.title,
        description=task.description,
        completed=task.completed_at is not None,
        completed_at=_utc(task.completed_at) if task.completed_at else None,
        order=task.order,
        priority=_PRIORITIES[task.priority],
        tags=task.tags,
        due=task.due,
        created_at=_utc(task.created_at),
        updated_at=_utc(task.updated_at),
        version=task.version,
    )


def _utc(instant: datetime) -> datetime:
    # PostgreSQL gives instants in the time zone of its own configuration.
    return instant.astimezone(UTC)
