"""The head of a user's log, and how a decided fact becomes a recorded one behind it."""

from dataclasses import dataclass
from datetime import datetime

from events.chain import GENESIS, content_digest, link
from events.codec import encode, encode_metadata, schema_version_of, type_of
from events.envelope import NewEvent, RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class LogHead:
    """Where a user's log stands: its last sequence, chain value, instant and task id."""

    user_id: str
    sequence: int = 0
    chain: bytes = GENESIS
    last_task_id: int = 0
    recorded_at: datetime | None = None

    def after(self, event: RecordedEvent) -> "LogHead":
        """Give the head with one more event behind it."""
        return LogHead(
            user_id=self.user_id,
            sequence=event.sequence,
            chain=event.chain,
            last_task_id=max(self.last_task_id, event.task_id),
            recorded_at=event.recorded_at,
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
    data: bytes
    metadata: bytes


def record(head: LogHead, new: NewEvent, now: datetime) -> tuple[LogHead, Entry]:
    """Put a fact behind the head of a log: number it, date it, hash it."""
    data, metadata = encode(new.payload), encode_metadata(new.metadata)
    digest = content_digest(data, metadata)
    sequence, recorded_at = head.sequence + 1, head.moment(now)
    chain = link(
        head.chain,
        digest,
        user_id=head.user_id,
        sequence=sequence,
        task_id=new.task_id,
        version=new.version,
        type_=type_of(new.payload),
        schema_version=schema_version_of(new.payload),
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
    return head.after(event), Entry(event=event, data=data, metadata=metadata)
