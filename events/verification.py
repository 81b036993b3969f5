"""Verifying one user's log: a fold over its events that ends in the first thing wrong. Pure.

An event's position is outside the chain: it is a cursor for readers of everybody's events, and
moves with the database. Only its order is checked, so positions that were changed and still rise
along the log are not found.
"""

from dataclasses import dataclass, field
from datetime import datetime

from events.chain import GENESIS
from events.codec import decode
from events.diagnosis import WINDOW, Scene, chain_behind, diagnose, digest_of
from events.errors import EventLogError
from events.finding import Finding, Kind
from events.head import LogHead
from events.log_events import LogErased
from events.reader import PositionedEvent, StoredEvent


@dataclass(slots=True)
class LogCheck:
    """What verification knows of one user's log, after the events it has been given.

    It grows with the number of the user's tasks, never with the number of events.

    Attributes:
        user_id: Whose log it is.
        sequence: The last event that was in order.
        chain: Its chain value.
        last_task_id: The highest task number so far.
        recorded_at: When the last event was recorded.
        erased_through: Up to where the log says that it was erased.
        redacted: How many events were emptied by that.
    """

    user_id: str
    sequence: int = 0
    chain: bytes = GENESIS
    last_task_id: int = 0
    recorded_at: datetime | None = None
    erased_through: int = 0
    redacted: int = 0
    _position: int = 0
    _versions: dict[int, int] = field(default_factory=dict[int, int])
    _suspects: list[PositionedEvent] = field(default_factory=list[PositionedEvent])
    _disorder: str | None = None
    _emptied: StoredEvent | None = None
    _says_something: bool = False
    _is_left: bool = False

    @property
    def head(self) -> LogHead:
        """The head that belongs on the events taken."""
        return LogHead(
            user_id=self.user_id,
            sequence=self.sequence,
            chain=self.chain,
            last_task_id=self.last_task_id,
            recorded_at=self.recorded_at,
            erased_through=self.erased_through,
            cleared_through=0 if self._is_left else self.erased_through,
        )

    def take(self, event: PositionedEvent, head_sequence: int | None = None) -> None:
        """Look at the next event; after the first bad one, only gather evidence.

        Args:
            event: The next event.
            head_sequence: Where the log ended at the instant the event was read, if that is known.
        """
        if self._suspects:
            if event.type == LogErased.__name__:
                self._emptied = None
            if len(self._suspects) < WINDOW:
                self._suspects.append(event)
        elif self._is_chained(event, head_sequence):
            self._disorder = self._disorder_of(event)
            self._move(event) if self._disorder is None else self._suspects.append(event)
        else:
            self._suspects.append(event)

    def finding_so_far(self) -> Finding | None:
        """Give the first thing wrong that nothing which follows can explain."""
        return self._fault(None) if self._suspects else None

    @property
    def tasks(self) -> int:
        """How many tasks it knows of: what it takes in memory."""
        return len(self._versions)

    def finding(self) -> Finding | None:
        """Give the first thing wrong with the events themselves."""
        if self._emptied is not None:
            return self._unexplained(self._emptied)
        return self._fault(None) if self._suspects else None

    def finding_before(self, head: LogHead | None) -> Finding | None:
        """Give the first thing wrong with the log, its head included, or None if it is in order.

        Args:
            head: Where the log ended at the instant the last event was read.
        """
        if head is None:
            first = self._suspects[0].sequence if self._suspects else 1
            return self._found(first, Kind.HEADLESS, "the log has events and no head")
        if self._emptied is not None and self._emptied.sequence > head.erased_through:
            return self._unexplained(self._emptied)
        if self._suspects:
            return self._fault(head)
        if head.sequence > self.sequence and head.chain != self.chain:
            told = f"the log ends at event {self.sequence} and its head at {head.sequence}"
            return self._found(self.sequence + 1, Kind.TRUNCATED, told)
        wrong = self._differences(head)
        if wrong:
            last = "the last event" if self.sequence else "a log without events"
            told = f"the head has another {wrong} than {last}"
            return self._found(self.sequence, Kind.HEAD, told)
        return None

    def _is_chained(self, event: PositionedEvent, head_sequence: int | None) -> bool:
        return (
            event.sequence == self.sequence + 1
            and (head_sequence is None or event.sequence <= head_sequence)
            and (event.is_redacted or digest_of(event) == event.digest)
            and chain_behind(self.chain, event) == event.chain
        )

    def _disorder_of(self, event: PositionedEvent) -> str | None:
        """Name what is out of order in an event that is chained, so written as it stands."""
        version = self._versions.get(event.task_id, 0)
        if event.version != version + 1:
            return f"version {event.version} of task {event.task_id} follows version {version}"
        if self.recorded_at is not None and event.recorded_at < self.recorded_at:
            return "it is older than the event before it"
        if event.position <= self._position:
            return "its position is not behind that of the event before it"
        if event.type == LogErased.__name__ and _erased_by(event) != self.sequence:
            return "it does not say that all events before it were erased"
        return None

    def _move(self, event: PositionedEvent) -> None:
        self.sequence = event.sequence
        self.chain = event.chain
        self.last_task_id = max(self.last_task_id, event.task_id)
        self.recorded_at = event.recorded_at
        self._position = event.position
        self._versions[event.task_id] = event.version
        if event.is_redacted:
            self.redacted += 1
            self._emptied = self._emptied or event
        elif event.type == LogErased.__name__:
            self.erased_through = event.sequence - 1
            self._is_left, self._says_something, self._emptied = self._says_something, False, None
        else:
            self._says_something = True

    def _fault(self, head: LogHead | None) -> Finding:
        expected, events = self.sequence + 1, self._suspects
        if self._disorder is None:
            scene = Scene(sequence=self.sequence, chain=self.chain, events=events, head=head)
            kind, detail = diagnose(scene)
        else:
            kind, detail = Kind.INCONSISTENT, self._disorder
        type_ = events[0].type if events[0].sequence == expected else None
        return self._found(expected, kind, detail, type_)

    def _differences(self, head: LogHead) -> str:
        pairs = {
            "sequence": (head.sequence, self.sequence),
            "chain value": (head.chain, self.chain),
            "task number": (head.last_task_id, self.last_task_id),
            "time": (head.recorded_at, self.recorded_at),
            "erasure": (head.erased_through, self.erased_through),
        }
        return ", ".join(name for name, (there, here) in pairs.items() if there != here)

    def _unexplained(self, event: StoredEvent) -> Finding:
        told = "it says nothing any more, and no erasure behind it says why"
        return self._found(event.sequence, Kind.EMPTIED, told, event.type)

    def _found(self, sequence: int, kind: Kind, detail: str, type_: str | None = None) -> Finding:
        return Finding(
            user_id=self.user_id, sequence=sequence, kind=kind, type=type_, detail=detail
        )


def _erased_by(event: StoredEvent) -> int | None:
    """Give the sequence up to which an event says that the log was erased."""
    try:
        payload = decode(event.type, event.schema_version, event.data)
    except EventLogError:
        return None
    return payload.through if isinstance(payload, LogErased) else None
