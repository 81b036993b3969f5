"""A group of commands being decided: what the log said, and what is to be added to it. Pure."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import datetime

from commands.idempotency import KeptReceipt, ReceiptKey
from commands.receipt import Receipt
from commands.state import evolve, fold
from commands.step_outcomes import encode_outcomes
from commands.streams import Stream, StreamKey
from commands.surroundings import Surrounded
from events.envelope import NewEvent, RecordedEvent
from events.head import Entry, LogHead, record
from events.reader import StoredEvent, recorded


@dataclass(slots=True)
class Draft:
    """The working copy a group is decided on; each command sees those before it.

    Attributes:
        heads: The locked logs, by user.
        history: The stored events of the streams the group is about, after what is known of them.
        excerpts: The stored events that undoing takes, in order, whatever is known of the streams.
        streams: What is known of those streams; in the end, what has become of them.
        receipts: What the keys of the group have brought already.
        entries: What is to be appended, in order.
        new_receipts: What is to be kept beside the entries.
    """

    heads: dict[str, LogHead]
    history: dict[StreamKey, list[StoredEvent]]
    excerpts: dict[StreamKey, list[StoredEvent]] = field(
        default_factory=dict[StreamKey, list[StoredEvent]]
    )
    streams: dict[StreamKey, Stream] = field(default_factory=dict[StreamKey, Stream])
    receipts: dict[ReceiptKey, KeptReceipt] = field(default_factory=dict[ReceiptKey, KeptReceipt])
    entries: list[Entry] = field(default_factory=list[Entry])
    new_receipts: list[KeptReceipt] = field(default_factory=list[KeptReceipt])

    @property
    def moved_heads(self) -> list[LogHead]:
        """The heads of the logs that something is to be appended to."""
        users = {entry.event.user_id for entry in self.entries}
        return [self.heads[user_id] for user_id in users]

    @contextmanager
    def whole(self) -> Generator[None]:
        """Carry several things out as one: if something is raised, nothing was."""
        before = {each.name: copy(getattr(self, each.name)) for each in fields(self)}
        try:
            yield
        except Exception:
            for name, value in before.items():
                setattr(self, name, value)
            raise

    def past(self, key: StreamKey) -> Iterator[RecordedEvent]:
        """Give what undoing takes of a stream, and what was added to it."""
        yield from (recorded(row) for row in self.excerpts.get(key, ()))
        added = (entry.event for entry in self.entries)
        yield from (event for event in added if (event.user_id, event.task_id) == key)

    def keep(self, key: ReceiptKey, mark: bytes, receipt: Receipt) -> None:
        """Keep what a key has brought."""
        kept = KeptReceipt(
            user_id=key[0],
            key=key[1],
            fingerprint=mark,
            task_id=receipt.task_id,
            version=receipt.version,
            sequence=receipt.sequence,
            changed=receipt.changed,
            steps=encode_outcomes(receipt.steps) if receipt.steps else None,
        )
        self.receipts[key] = kept
        self.new_receipts.append(kept)

    def stream(self, key: StreamKey) -> Stream:
        """Give what has become of a task so far.

        Raises:
            EventLogError: Its stream cannot be read.
        """
        known = self.streams.get(key, Stream())
        if known.sequence <= self.heads[key[0]].erased_through:
            known = Stream(version=known.version)
        if key not in self.history:
            return known
        rows = self.history[key]
        stream = Stream(
            fold((recorded(row).payload for row in rows), known.state),
            rows[-1].version,
            rows[-1].sequence,
        )
        self.streams[key] = stream
        # Only now: a stream that cannot be read must stay unreadable for the next command too.
        del self.history[key]
        return stream

    def add(
        self, key: StreamKey, stream: Stream, facts: Iterable[Surrounded], now: datetime
    ) -> None:
        """Add facts to a stream, and to the log of its user."""
        head, entries = self.heads[key[0]], list[Entry]()
        for payload, metadata in facts:
            version = stream.version + 1
            new = NewEvent(task_id=key[1], version=version, payload=payload, metadata=metadata)
            head, entry = record(head, new, now)
            stream = Stream(evolve(stream.state, payload), version, head.sequence)
            entries.append(entry)
        # All at once: a fact that cannot be written leaves none of its neighbours behind.
        self.heads[key[0]] = head
        self.entries += entries
        self.streams[key] = stream
