"""An event of somebody's trail, as its owner and auditors see it."""

from datetime import UTC
from typing import Any

import msgspec
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from projections.queries.trail import FieldChange as FieldChangeRow, TrailEntry
from projections.task_change import UNSET, Value

OWNER = "owner"
"""The role of whoever acts on tasks of their own."""

EXAMPLE: JsonDict = {
    "sequence": 31,
    "task_id": 12,
    "version": 2,
    "type": "TaskRenamed",
    "at": "2026-11-22T10:15:30.123456Z",
    "actor": "demo",
    "role": "owner",
    "command": "EditTask",
    "request_id": "019aab51-8f6e-7cc3-a7f1-0c5f5f3c2b11",
    "correlation_id": "019aab51-8f6e-7cc3-a7f1-0c5f5f3c2b11",
    "client": "curl/8.14.1",
    "changes": [{"field": "title", "before": "Water plants", "after": "Water the plants"}],
    "data": {"title": "Water the plants"},
}


class FieldChange(BaseModel):
    """One field that an event changed."""

    field: str = Field(
        description="`deleted` is true while the task is in no list.",
        json_schema_extra={"enum": [*UNSET]},
    )
    before: Value = Field(description="What it held; null when there was no task yet.")
    after: Value = Field(description="What it holds since.")


class TrailEvent(BaseModel):
    """One thing that a user did, or that happened to their task."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    sequence: int = Field(description="Its place in the user's log.", ge=1)
    task_id: int = Field(description="The task it happened to; 0 for the log itself.", ge=0)
    version: int = Field(description="The task's version since.", ge=1)
    type: str = Field(description="What happened, such as TaskCompleted.")
    at: AwareDatetime = Field(description="When, UTC.")
    actor: str = Field(
        description="Who did it; empty once erased, like what is said of the request."
    )
    role: str = Field(description="In which role; `owner` when the task is their own.")
    command: str = Field(description="What was asked for.")
    request_id: str = Field(description="The request that asked.")
    correlation_id: str = Field(description="Shared by all that one request caused.")
    causation_id: str = Field(
        default="", description="The direct cause, when it was not the request itself."
    )
    client: str = Field(default="", description="The User-Agent that asked, where it is kept.")
    address: str = Field(default="", description="The address that asked, where it is kept.")
    undoes: int = Field(
        default=0, description="The sequence of the event that this one takes back, if it does."
    )
    changes: list[FieldChange] = Field(description="The fields that changed.")
    data: dict[str, Any] | None = Field(
        description="What the event says, as it is stored; null once it was erased."
    )


def view(entry: TrailEntry) -> TrailEvent:
    """Show an event; what is not known of it is left out."""
    metadata = entry.metadata
    told = ("causation_id", "client", "address", "undoes")
    known = {name: getattr(metadata, name) for name in told}
    return TrailEvent(
        sequence=entry.sequence,
        task_id=entry.task_id,
        version=entry.version,
        type=entry.type,
        # PostgreSQL gives instants in the time zone of its own configuration.
        at=entry.recorded_at.astimezone(UTC),
        actor=metadata.actor,
        role=metadata.role or OWNER,
        command=metadata.command,
        request_id=metadata.request_id,
        correlation_id=metadata.correlation_id,
        changes=[_view(change) for change in entry.changes],
        data=msgspec.json.decode(entry.data),
        **{name: value for name, value in known.items() if value is not None},
    )


def _view(change: FieldChangeRow) -> FieldChange:
    return FieldChange.model_validate(change, from_attributes=True)
