"""A group of commands being decided: what the log said, and what is to be added to it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from commands.context import CommandContext
from commands.decider import decide
from commands.erasure import decide_erasure
from commands.errors import LogBeingErasedError, WrongVersionError
from commands.idempotency import KeptReceipt, ReceiptKey, fingerprint
from commands.receipt import Receipt
from commands.state import DoneTask, OpenTask, evolve, fold
from commands.streams import Stream, StreamKey
from commands.tasks import Command, CreateTask, DeleteTask, DeleteTasks, EraseLog
from events.envelope import Metadata, NewEvent
from events.head import Entry, LogHead, record
from events.log_events import LOG, Fact
from events.reader import StoredEvent, recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A command and who asks for it."""

    context: CommandContext
    command: Command

    @property
    def streams(self) -> frozenset[StreamKey]:
        """The existing streams the command is about; none when it starts a new one."""
        match self.command:
            case CreateTask():
                return frozenset()
            case EraseLog():
                return frozenset({(self.context.user_id, LOG)})
            case DeleteTasks(task_ids=task_ids):
                return frozenset((self.context.user_id, task_id) for task_id in task_ids)
            case command:
                return frozenset({(self.context.user_id, command.task_id)})

    @property
    def receipt_key(self) -> ReceiptKey | None:
        """Where the command's receipt is kept, or None when its client chose no key."""
        key = self.context.idempotency_key
        return None if key is None else (self.context.user_id, key)


@dataclass(slots=True)
class Draft:
    """The working copy a group is decided on; each command sees those before it.

    Attributes:
        heads: The locked logs, by user.
        history: The stored events of the streams the group is about, after what is known of them.
        streams: What is known of those streams; in the end, what has become of them.
        receipts: What the keys of the group have brought already.
        entries: What is to be appended, in order.
        new_receipts: What is to be kept beside the entries.
    """

    heads: dict[str, LogHead]
    history: dict[StreamKey, list[StoredEvent]]
    streams: dict[StreamKey, Stream] = field(default_factory=dict[StreamKey, Stream])
    receipts: dict[ReceiptKey, KeptReceipt] = field(default_factory=dict[ReceiptKey, KeptReceipt])
    entries: list[Entry] = field(default_factory=list[Entry])
    new_receipts: list[KeptReceipt] = field(default_factory=list[KeptReceipt])

    @property
    def moved_heads(self) -> list[LogHead]:
        """The heads of the logs that something is to be appended to."""
        users = {entry.event.user_id for entry in self.entries}
        return [self.heads[user_id] for user_id in users]

    def carry_out(self, request: Request, now: datetime) -> Receipt:
        """Decide one command, unless its key was answered before.

        Raises:
            CommandError: The command is refused; the draft is as it was.
            EventLogError: The task's stream cannot be read; the draft is as it was.
        """
        key = request.receipt_key
        if key is None:
            return self._decide(request, now)
        mark = fingerprint(request.context, request.command)
        if key in self.receipts:
            return self.receipts[key].answer(mark)
        receipt = self._decide(request, now)
        self._keep(key, mark, receipt)
        return receipt

    def _decide(self, request: Request, now: datetime) -> Receipt:
        command, head = request.command, self.heads[request.context.user_id]
        if isinstance(command, EraseLog):
            return self._erase(request, head, now)
        if head.is_being_erased:
            raise LogBeingErasedError
        if isinstance(command, DeleteTasks):
            return self._delete(request, command, now)
        task_id = head.last_task_id + 1 if isinstance(command, CreateTask) else command.task_id
        key = (head.user_id, task_id)
        stream = self._stream(key)
        facts = decide(command, stream.state, task_id=task_id)
        _check_version(request.context, key[1], stream.version)
        self._add(request, key, stream, facts, now)
        return Receipt(
            task_id=key[1],
            version=stream.version + len(facts),
            sequence=head.sequence + len(facts),
            changed=bool(facts),
        )

    def _delete(self, request: Request, command: DeleteTasks, now: datetime) -> Receipt:
        before = len(self.entries)
        for key in sorted(request.streams):
            stream = self._stream(key)
            if isinstance(stream.state, OpenTask | DoneTask):
                facts = decide(DeleteTask(task_id=key[1]), stream.state, task_id=key[1])
                self._add(request, key, stream, facts, now)
        deleted = len(self.entries) - before
        return Receipt(
            task_id=0,
            version=command.before + deleted,
            sequence=self.heads[request.context.user_id].sequence,
            changed=deleted > 0,
        )

    def _erase(self, request: Request, head: LogHead, now: datetime) -> Receipt:
        key = (head.user_id, LOG)
        stream, facts = self._stream(key), decide_erasure(head)
        self._add(request, key, stream, facts, now)
        return Receipt(
            task_id=LOG,
            version=stream.version + len(facts),
            sequence=head.sequence + len(facts),
            changed=bool(facts),
        )

    def _keep(self, key: ReceiptKey, mark: bytes, receipt: Receipt) -> None:
        kept = KeptReceipt(
            user_id=key[0],
            key=key[1],
            fingerprint=mark,
            task_id=receipt.task_id,
            version=receipt.version,
            sequence=receipt.sequence,
            changed=receipt.changed,
        )
        self.receipts[key] = kept
        self.new_receipts.append(kept)

    def _stream(self, key: StreamKey) -> Stream:
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

    def _add(
        self,
        request: Request,
        key: StreamKey,
        stream: Stream,
        facts: Iterable[Fact],
        now: datetime,
    ) -> None:
        metadata = _metadata(request)
        head, entries = self.heads[key[0]], list[Entry]()
        for payload in facts:
            version = stream.version + 1
            new = NewEvent(task_id=key[1], version=version, payload=payload, metadata=metadata)
            head, entry = record(head, new, now)
            stream = Stream(evolve(stream.state, payload), version, head.sequence)
            entries.append(entry)
        # All at once: a fact that cannot be written leaves none of its neighbours behind.
        self.heads[key[0]] = head
        self.entries += entries
        self.streams[key] = stream


def _check_version(context: CommandContext, task_id: int, found: int) -> None:
    expected = context.expected_versions
    if (expected is not None and found not in expected) or found in context.unwanted_versions:
        raise WrongVersionError(task_id, expected=expected or frozenset(), found=found)


def _metadata(request: Request) -> Metadata:
    context = request.context
    return Metadata(
        actor=context.actor,
        command=type(request.command).__name__,
        request_id=context.request_id,
        correlation_id=context.correlation_id,
        causation_id=context.causation_id,
        client=context.client,
    )
