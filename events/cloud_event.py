"""An event as a line of an export: a CloudEvent (version 1.0, JSON format) that holds all of it.

What CloudEvents calls otherwise: `id` is the user's id and the sequence, `subject` the task (0 for
what happened to the log itself), `time` the instant the log took the event. Extension attributes
carry the rest; numbers that may outgrow 32 bits are texts there, as CloudEvents demands. `data` has
payload and metadata together, so the digest is the SHA-256 of `data` as canonical JSON, unless both
are null: then they were erased, and a later event of type LogErased says so.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from events.canonical import canonical_text
from events.chain import instant
from events.reader import PositionedEvent

SOURCE = "taskfold"
"""Where an event came from, as CloudEvents asks; together with the id it is unique."""

TASK_TYPE = "taskfold.task"
"""The type of the CloudEvents that say what tasks are now, in what a person exports."""

CLOSING_TYPE = "taskfold.exported"
"""The type of the CloudEvent that closes an export."""

type Number = Annotated[str, msgspec.Meta(pattern="^[1-9][0-9]{0,17}$")]
type TaskNumber = Annotated[str, msgspec.Meta(pattern="^(0|[1-9][0-9]{0,17})$")]
type Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an event says: what its digest is made of, and nothing else."""

    data: msgspec.Raw
    metadata: msgspec.Raw


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A line for an event."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: str
    userid: str
    sequence: Number
    taskid: TaskNumber
    taskversion: Annotated[int, msgspec.Meta(ge=1, lt=2**31)]
    schemaversion: Annotated[int, msgspec.Meta(ge=1, lt=2**15)]
    position: Number
    digest: Hash
    chain: Hash
    datacontenttype: str = "application/json"
    data: Content


class TaskLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line for a task as it is now; it proves nothing, and an import passes over it."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str = SOURCE
    type: Literal["taskfold.task"] = TASK_TYPE
    subject: str
    time: str
    datacontenttype: str = "application/json"
    data: dict[str, Any]


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """What an export holds, and the SHA-256 of all its bytes before the closing line."""

    events: int
    logs: int
    sha256: str


class ClosingEvent(msgspec.Struct, frozen=True, kw_only=True):
    """The line that closes an export, itself a CloudEvent."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str = SOURCE
    type: Literal["taskfold.exported"] = CLOSING_TYPE
    datacontenttype: str = "application/json"
    data: Totals


def cloud_event(event: PositionedEvent) -> CloudEvent:
    """Give the line for an event, its JSON exactly as it is stored."""
    return CloudEvent(
        id=f"{event.user_id}/{event.sequence}",
        source=SOURCE,
        type=event.type,
        subject=str(event.task_id),
        time=instant(event.recorded_at),
        userid=event.user_id,
        sequence=str(event.sequence),
        taskid=str(event.task_id),
        taskversion=event.version,
        schemaversion=event.schema_version,
        position=str(event.position),
        digest=event.digest.hex(),
        chain=event.chain.hex(),
        data=Content(
            data=msgspec.Raw(event.data.encode()), metadata=msgspec.Raw(event.metadata.encode())
        ),
    )


def closing_event(totals: Totals) -> ClosingEvent:
    """Give the line that closes an export."""
    return ClosingEvent(id=totals.sha256, data=totals)


def positioned_event(line: CloudEvent) -> PositionedEvent:
    """Give the event a line stands for, its JSON canonical as it was when it was first stored.

    Raises:
        ValueError: Its time is no instant.
        NotCanonicalError: Its JSON holds a number that no double is.
    """
    recorded_at = datetime.fromisoformat(line.time)
    if recorded_at.tzinfo is None:
        reason = "its time has no offset"
        raise ValueError(reason)
    return PositionedEvent(
        position=int(line.position),
        user_id=line.userid,
        sequence=int(line.sequence),
        task_id=int(line.taskid),
        version=line.taskversion,
        type=line.type,
        schema_version=line.schemaversion,
        data=canonical_text(bytes(line.data.data)).decode(),
        metadata=canonical_text(bytes(line.data.metadata)).decode(),
        recorded_at=recorded_at,
        digest=bytes.fromhex(line.digest),
        chain=bytes.fromhex(line.chain),
    )
