"""An event of somebody's trail, as auditors see it."""

from datetime import UTC
from typing import Any

import msgspec
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from events.codec import decode_metadata
from events.reader import StoredEvent

EXAMPLE: JsonDict = {
    "sequence": 31,
    "task_id": 12,
    "version": 2,
    "type": "TaskRenamed",
    "at": "2026-11-22T10:15:30.123456Z",
    "actor": "demo",
    "command": "EditTask",
    "request_id": "019aab51-8f6e-7cc3-a7f1-0c5f5f3c2b11",
    "data": {"title": "Water the plants"},
}


class TrailEvent(BaseModel):
    """One thing that a user did."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    sequence: int = Field(description="Its place in the user's log.", ge=1)
    task_id: int = Field(description="The task it happened to; 0 for the log itself.", ge=0)
    version: int = Field(description="The task's version since.", ge=1)
    type: str = Field(description="What happened, such as TaskCompleted.")
    at: AwareDatetime = Field(description="When, UTC.")
    actor: str = Field(description="Who did it; empty once erased, like the next two.")
    command: str = Field(description="What was asked for.")
    request_id: str = Field(description="The request that asked.")
    data: dict[str, Any] | None = Field(
        description="What the event says, as it is stored; null once it was erased."
    )


def view(event: StoredEvent) -> TrailEvent:
    """Show an event to an auditor."""
    metadata = decode_metadata(event.metadata)
    return TrailEvent(
        sequence=event.sequence,
        task_id=event.task_id,
        version=event.version,
        type=event.type,
        at=event.recorded_at.astimezone(UTC),
        actor=metadata.actor,
        command=metadata.command,
        request_id=metadata.request_id,
        data=msgspec.json.decode(event.data),
    )
