"""The head of a user's log, and how a decided fact becomes a recorded one behind it."""

from copy import replace
from dataclasses import dataclass
from datetime import datetime

import msgspec

from events.chain import GENESIS, content_digest, link
from events.codec import encode, encode_metadata, schema_version_of, type_of
from events.envelope import NewEvent, RecordedEvent
from events.log_events import LogErased


class LogHead(msgspec.Struct, frozen=True, kw_only=True):
    """Where a user's log stands: its last sequence, chain value, instant and task id.

    Attributes:
        erased_through: The sequence up to which the log was erased; 0 if it never was.
        cleared_through: How far that has been carried out.
    """

    user_id: str
    sequence: int = 0
    chain: bytes = GENESIS
    last_task_id: int = 0
    recorded_at: datetime | None = None
    erased_through: int = 0
    cleared_through: int = 0

    @property
    def is_being_erased(self) -> bool:
        """Whether something is left of what was to be erased."""
        return self.cleared_through < self.erased_through

    def after(self, event: RecordedEvent) -> "LogHead":
        """Give the head with one more event behind it."""
        payload = event.payload
        return replace(
            self,
            sequence=event.sequence,
            chain=event.chain,
            last_task_id=max(self.last_task_id, event.task_id),
            recorded_at=event.recorded_at,
            erased_through=payload.through
            if isinstance(payload, LogErased)
            else self.erased_through,
        )

    def moment(self, now: datetime) -> datetime:
        """Date the next event: time never runs backwards inside one log.

        Whatever the clocks of several processes say, "the state at an instant" has one answer
        only then.
        """
        return now if self.recorded_at is None else max(now, self.recorded_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A recorded event together with its JSON, ready to be written."""

    event: RecordedEvent
    type: str
    schema_version: int
    data: bytes
    metadata: bytes


def record(head: LogHead, new: NewEvent, now: datetime) -> tuple[LogHead, Entry]:
    """Put a fact behind the head of a log: number it, date it, hash it."""
    data, metadata = encode(new.payload), encode_metadata(new.metadata)
    digest = content_digest(data, metadata)
    sequence, recorded_at = head.sequence + 1, head.moment(now)
    type_, schema_version = type_of(new.payload), schema_version_of(new.payload)
    chain = link(
        head.chain,
        digest,
        user_id=head.user_id,
        sequence=sequence,
        task_id=new.task_id,
        version=new.version,
        type_=type_,
        schema_version=schema_version,
        recorded_at=recorded_at,
    )
    event = RecordedEvent(
        user_id=head.user_id,
        sequence=sequence,
        task_id=new.task_id,
        version=new.version,
        payload=new.payload,
        metadata=new.metadata,
        recorded_at=recorded_at,
        digest=digest,
        chain=chain,
    )
    entry = Entry(
        event=event, type=type_, schema_version=schema_version, data=data, metadata=metadata
    )
    return head.after(event), entry
