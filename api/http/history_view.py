"""What happened to a task, as clients see it."""

from datetime import UTC
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from projections.queries.history import FieldChange as FieldChangeRow, Revision as RevisionRow
from projections.task_change import UNSET, Value

EXAMPLE: JsonDict = {
    "sequence": 31,
    "version": 2,
    "type": "TaskRenamed",
    "at": "2026-11-22T10:15:30.123456Z",
    "actor": "demo",
    "command": "EditTask",
    "request_id": "019aab51-8f6e-7cc3-a7f1-0c5f5f3c2b11",
    "correlation_id": "019aab51-8f6e-7cc3-a7f1-0c5f5f3c2b11",
    "client": "curl/8.14.1",
    "changes": [{"field": "title", "before": "Water plants", "after": "Water the plants"}],
}


class FieldChange(BaseModel):
    """One field that an event changed."""

    field: str = Field(
        description="`deleted` is true while the task is in no list.",
        json_schema_extra={"enum": [*UNSET]},
    )
    before: Value = Field(description="What it held; null when there was no task yet.")
    after: Value = Field(description="What it holds since.")


class Revision(BaseModel):
    """One thing that happened to a task."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    sequence: int = Field(description="Its place among everything you have done.", ge=1)
    version: int = Field(description="The task's version since.", ge=1)
    type: str = Field(description="What happened, such as TaskCompleted.")
    at: AwareDatetime = Field(description="When, UTC.")
    actor: str = Field(description="Who did it.")
    command: str = Field(description="What was asked for.")
    request_id: str = Field(description="The request that asked.")
    correlation_id: str = Field(description="Shared by all that one request caused.")
    causation_id: str = Field(
        default="", description="The direct cause, when it was not the request itself."
    )
    client: str = Field(default="", description="The User-Agent that asked, when it gave one.")
    undoes: int = Field(
        default=0, description="The sequence of the event that this one takes back, if it does."
    )
    changes: list[FieldChange] = Field(description="The fields that changed.")


def view(revision: RevisionRow) -> Revision:
    """Show an event to the task's owner; what is not known of it is left out."""
    metadata = revision.metadata
    known: dict[str, Any] = {
        "causation_id": metadata.causation_id,
        "client": metadata.client,
        "undoes": metadata.undoes,
    }
    return Revision(
        sequence=revision.sequence,
        version=revision.version,
        type=revision.type,
        # PostgreSQL gives instants in the time zone of its own configuration.
        at=revision.recorded_at.astimezone(UTC),
        actor=metadata.actor,
        command=metadata.command,
        request_id=metadata.request_id,
        correlation_id=metadata.correlation_id,
        changes=[_view(change) for change in revision.changes],
        **{name: value for name, value in known.items() if value is not None},
    )


def _view(change: FieldChangeRow) -> FieldChange:
    return FieldChange.model_validate(change, from_attributes=True)
