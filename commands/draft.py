"""A group of commands being decided: what the log said, and what is to be added to it. Pure."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import datetime

from commands.batch import carry_out_steps
from commands.compensating import compensating, past_events
from commands.context import CommandContext
from commands.decider import decide
from commands.erasure import decide_erasure
from commands.errors import BatchRefusedError, LogBeingErasedError, WrongVersionError
from commands.idempotency import KeptReceipt, ReceiptKey, fingerprint
from commands.receipt import Receipt
from commands.request import Request
from commands.state import DoneTask, OpenTask, evolve, fold
from commands.step_outcomes import encode_outcomes
from commands.streams import Stream, StreamKey
from commands.surroundings import Surrounded, surrounded
from commands.tasks import (
    Batch,
    CreateTask,
    DeleteTask,
    DeleteTasks,
    EraseLog,
    TaskCommand,
    UndoCommand,
    UndoEvent,
    UndoLatest,
)
from commands.undo import undo
from events.envelope import NewEvent, RecordedEvent
from events.head import Entry, LogHead, record
from events.log_events import LOG
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

    def carry_out(
        self, request: Request, now: datetime, own_versions: frozenset[int] = frozenset()
    ) -> Receipt:
        """Decide one command, unless its key was answered before.

        Args:
            request: What is asked, and by whom.
            now: When.
            own_versions: Versions of the task that its caller has made and does not know yet; they
                are as good as those expected.

        Raises:
            CommandError: The command is refused; the draft is as it was.
            EventLogError: The task's stream cannot be read; the draft is as it was.
        """
        key = request.receipt_key
        if key is None:
            return self._decide(request, now, own_versions)
        mark = fingerprint(request.context, request.command)
        if key in self.receipts:
            return self.receipts[key].answer(mark)
        receipt = self._decide(request, now, own_versions)
        self._keep(key, mark, receipt)
        return receipt

    def _decide(self, request: Request, now: datetime, own_versions: frozenset[int]) -> Receipt:
        if isinstance(request.command, EraseLog):
            return self._erase(request, now)
        if self.heads[request.context.user_id].is_being_erased:
            raise LogBeingErasedError
        match request.command:
            case DeleteTasks() as command:
                with self._whole():
                    return self._delete(request, command, now)
            case Batch() as command:
                with self._whole():
                    return self._carry_out_steps(request, command, now)
            case command:
                return self._decide_one(request, command, now, own_versions)

    def _decide_one(
        self,
        request: Request,
        command: TaskCommand | UndoCommand,
        now: datetime,
        own_versions: frozenset[int],
    ) -> Receipt:
        head = self.heads[request.context.user_id]
        task_id = head.last_task_id + 1 if isinstance(command, CreateTask) else command.task_id
        key = (head.user_id, task_id)
        stream = self._stream(key)
        facts = list(self._facts(request, command, key, stream))
        if stream.version not in own_versions:
            _check_version(request.context, task_id, stream.version)
        self._add(key, stream, facts, now)
        return Receipt(
            task_id=task_id,
            version=stream.version + len(facts),
            sequence=head.sequence + len(facts),
            changed=bool(facts),
        )

    def _facts(
        self, request: Request, command: TaskCommand | UndoCommand, key: StreamKey, stream: Stream
    ) -> Iterable[Surrounded]:
        if isinstance(command, UndoEvent | UndoLatest):
            past = past_events(command, self._past(key))
            return compensating(request.context, command, undo(command, past))
        return surrounded(request.context, command, decide(command, stream.state, task_id=key[1]))

    def _past(self, key: StreamKey) -> Iterator[RecordedEvent]:
        yield from (recorded(row) for row in self.excerpts.get(key, ()))
        added = (entry.event for entry in self.entries)
        yield from (event for event in added if (event.user_id, event.task_id) == key)

    def _carry_out_steps(self, request: Request, batch: Batch, now: datetime) -> Receipt:
        def carry_out(step: Request, own_versions: frozenset[int]) -> Receipt:
            return self.carry_out(step, now, own_versions)

        outcomes = carry_out_steps(request.context, batch, carry_out)
        done = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
        if batch.atomic and len(done) < len(outcomes):
            raise BatchRefusedError(outcomes)
        return Receipt(
            task_id=0,
            version=len(done),
            sequence=self.heads[request.context.user_id].sequence,
            changed=any(receipt.changed and not receipt.replayed for receipt in done),
            steps=outcomes,
        )

    @contextmanager
    def _whole(self) -> Generator[None]:
        """Carry several things out as one: if something is raised, nothing was."""
        before = {each.name: copy(getattr(self, each.name)) for each in fields(self)}
        try:
            yield
        except Exception:
            for name, value in before.items():
                setattr(self, name, value)
            raise

    def _delete(self, request: Request, command: DeleteTasks, now: datetime) -> Receipt:
        before = len(self.entries)
        for key in sorted(request.streams):
            stream = self._stream(key)
            if isinstance(stream.state, OpenTask | DoneTask):
                facts = decide(DeleteTask(task_id=key[1]), stream.state, task_id=key[1])
                self._add(key, stream, surrounded(request.context, command, facts), now)
        deleted = len(self.entries) - before
        return Receipt(
            task_id=0,
            version=command.before + deleted,
            sequence=self.heads[request.context.user_id].sequence,
            changed=deleted > 0,
        )

    def _erase(self, request: Request, now: datetime) -> Receipt:
        head = self.heads[request.context.user_id]
        key = (head.user_id, LOG)
        stream, facts = self._stream(key), decide_erasure(head)
        self._add(key, stream, surrounded(request.context, request.command, facts), now)
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
            steps=encode_outcomes(receipt.steps) if receipt.steps else None,
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
        self, key: StreamKey, stream: Stream, facts: Iterable[Surrounded], now: datetime
    ) -> None:
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


def _check_version(context: CommandContext, task_id: int, found: int) -> None:
    expected = context.expected_versions
    if (expected is not None and found not in expected) or found in context.unwanted_versions:
        raise WrongVersionError(task_id, expected=expected or frozenset(), found=found)
