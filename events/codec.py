"""Facts and metadata to JSON and back; the JSON is canonical (RFC 8785), so it can be hashed."""

import msgspec

from events.canonical import canonical
from events.envelope import Metadata
from events.errors import (
    DamagedMetadataError,
    DamagedPayloadError,
    NotCanonicalError,
    UnknownEventTypeError,
)
from events.log_events import REDACTED, REDACTED_JSON, LogErased, Payload, Redacted
from events.tasks import (
    TaskCompleted,
    TaskCreated,
    TaskDeleted,
    TaskDescribed,
    TaskPrioritised,
    TaskRenamed,
    TaskReopened,
    TaskReordered,
    TaskRescheduled,
    TaskRestored,
    TaskRetagged,
)
from events.upcasters import STEPS, readers

SCHEMA_VERSIONS: dict[type[Payload], int] = {
    TaskCreated: 1,
    TaskRenamed: 1,
    TaskDescribed: 1,
    TaskReordered: 1,
    TaskPrioritised: 1,
    TaskRetagged: 1,
    TaskRescheduled: 1,
    TaskCompleted: 1,
    TaskReopened: 1,
    TaskDeleted: 1,
    TaskRestored: 1,
    LogErased: 1,
}
"""The schema version each event type is written with today; the only list of event types."""

_readers = {
    (class_.__name__, version): reader
    for class_, today in SCHEMA_VERSIONS.items()
    for version, reader in readers(class_, today, STEPS)
}
# Sorted names, texts and everyday integers: what the canonical form of metadata comes to.
_metadata_encoder = msgspec.json.Encoder(order="sorted")
_metadata_decoder = msgspec.json.Decoder(Metadata)
_NOBODY_KNOWS = Metadata(actor="", command="", request_id="", correlation_id="")


def type_of(payload: Payload) -> str:
    """Name an event's type as the log stores it."""
    return type(payload).__name__


def schema_version_of(payload: Payload) -> int:
    """Give the schema version an event is written with."""
    return SCHEMA_VERSIONS[type(payload)]


def encode(payload: Payload) -> bytes:
    """Write what an event says as canonical JSON."""
    if isinstance(payload, Redacted):
        return REDACTED_JSON.encode()
    return canonical(msgspec.to_builtins(payload))


def is_known(type_: str, schema_version: int) -> bool:
    """Tell whether this version of the code can read an event type at a schema version."""
    return (type_, schema_version) in _readers


def decode(type_: str, schema_version: int, data: str) -> Payload:
    """Read a fact back from the JSON the log keeps, whichever version of the code wrote it.

    Raises:
        UnknownEventTypeError: The code knows no such type or schema version.
        DamagedPayloadError: The payload does not have the type's shape.
    """
    reader = _readers.get((type_, schema_version))
    if reader is None:
        raise UnknownEventTypeError(type_, schema_version)
    if data == REDACTED_JSON:
        return REDACTED
    try:
        return reader(data)
    except msgspec.MsgspecError as error:
        raise DamagedPayloadError(type_, schema_version, str(error)) from error


def encode_metadata(metadata: Metadata) -> bytes:
    """Write metadata as canonical JSON, leaving out what is not known.

    Raises:
        NotCanonicalError: A text in it is not Unicode.
    """
    try:
        return _metadata_encoder.encode(metadata)
    except UnicodeEncodeError as error:
        raise NotCanonicalError(str(error)) from error


def decode_metadata(data: str) -> Metadata:
    """Read metadata back from the JSON the log keeps; all of it is empty once it was erased.

    Raises:
        DamagedMetadataError: It does not have the shape of metadata.
    """
    if data == REDACTED_JSON:
        return _NOBODY_KNOWS
    try:
        return _metadata_decoder.decode(data)
    except msgspec.MsgspecError as error:
        raise DamagedMetadataError(str(error)) from error
