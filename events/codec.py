"""Facts and metadata to JSON and back; the JSON is canonical (RFC 8785), so it can be hashed."""

import msgspec
import rfc8785

from events.envelope import Metadata
from events.errors import UnknownEventTypeError, UnreadableEventError
from events.tasks import (
    TaskCompleted,
    TaskCreated,
    TaskDeleted,
    TaskDescribed,
    TaskEvent,
    TaskRenamed,
    TaskReopened,
    TaskReordered,
    TaskRestored,
)

SCHEMA_VERSIONS: dict[type[TaskEvent], int] = {
    TaskCreated: 1,
    TaskRenamed: 1,
    TaskDescribed: 1,
    TaskReordered: 1,
    TaskCompleted: 1,
    TaskReopened: 1,
    TaskDeleted: 1,
    TaskRestored: 1,
}
"""The schema version each event type is written with today; the only list of event types."""

_decoders = {
    (class_.__name__, version): msgspec.json.Decoder(class_)
    for class_, version in SCHEMA_VERSIONS.items()
}
_metadata_decoder = msgspec.json.Decoder(Metadata)


def type_of(payload: TaskEvent) -> str:
    """Name an event's type as the log stores it."""
    return type(payload).__name__


def schema_version_of(payload: TaskEvent) -> int:
    """Give the schema version an event is written with."""
    return SCHEMA_VERSIONS[type(payload)]


def encode(payload: TaskEvent) -> bytes:
    """Write a fact as canonical JSON."""
    return rfc8785.dumps(msgspec.to_builtins(payload))


def decode(type_: str, schema_version: int, data: str) -> TaskEvent:
    """Read a fact back from the JSON the log keeps.

    Raises:
        UnknownEventTypeError: The code knows no such type or schema version.
        UnreadableEventError: The payload does not have the type's shape.
    """
    decoder = _decoders.get((type_, schema_version))
    if decoder is None:
        raise UnknownEventTypeError(type_, schema_version)
    try:
        return decoder.decode(data)
    except msgspec.MsgspecError as error:
        raise UnreadableEventError(type_, schema_version, str(error)) from error


def encode_metadata(metadata: Metadata) -> bytes:
    """Write metadata as canonical JSON, leaving out what is not known."""
    known = {name: value for name, value in msgspec.to_builtins(metadata).items() if value}
    return rfc8785.dumps(known)


def decode_metadata(data: str) -> Metadata:
    """Read metadata back from the JSON the log keeps."""
    return _metadata_decoder.decode(data)
