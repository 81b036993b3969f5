"""One group of commands, carried out in one transaction."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from psycopg import AsyncCursor

from commands.compensating import excerpt_for
from commands.decisions import Decisions
from commands.draft import Draft
from commands.errors import CommandError
from commands.idempotency import KeptReceipt, ReceiptKey, find_receipts, keep_receipts
from commands.receipt import Receipt
from commands.request import Request
from commands.streams import KnownStreams, Stream, StreamKey
from events.binding import BoundConnection
from events.database import Connection
from events.envelope import RecordedEvent
from events.errors import EventLogError
from events.excerpt import ExcerptId, read_excerpts
from events.head import Entry
from events.reader import StoredEvent, StreamId, read_streams
from events.writer import append, begin_writing, is_recorded, lock_heads, open_logs

type Project = Callable[[Connection, Sequence[RecordedEvent]], Awaitable[None]]
"""Writes the inline projections of the events just appended, in the same transaction."""

type Outcome = Receipt | Exception
"""What became of one command of a group."""


@dataclass(slots=True)
class Group:
    """Commands that share a transaction, and what is known of that transaction's fate."""

    requests: Sequence[Request]
    known: KnownStreams
    _sent: Entry | None = None
    _outcomes: list[Outcome] = field(default_factory=list[Outcome])

    @property
    def in_doubt(self) -> bool:
        """Whether a commit was sent and its answer lost, and nobody has looked yet."""
        return self._sent is not None

    @property
    def _user_ids(self) -> set[str]:
        return {request.context.user_id for request in self.requests}

    @property
    def _excerpts(self) -> set[ExcerptId]:
        asked = ((request.context.user_id, request.command) for request in self.requests)
        found = {excerpt_for(user_id, command) for user_id, command in asked}
        return {excerpt for excerpt in found if excerpt is not None}

    async def carry_out(
        self, connection: Connection, project: Project, now: datetime
    ) -> list[Outcome]:
        """Decide, append, project and commit; the round trips do not grow with the group.

        Each command sees what those before it did. A refused one leaves no trace and disturbs
        nobody. After a failure it may be called again, on a new connection: if the last attempt
        was committed after all, its outcomes are given and nothing is appended twice.
        """
        if self._sent is not None and await is_recorded(connection, self._sent):
            return self._outcomes
        self._sent = None
        try:
            draft = await self._transact(connection, project, now)
        except Exception:
            self.known.forget()
            if not connection.closed:
                # PostgreSQL has answered, and what it did not take is rolled back.
                self._sent = None
            raise
        self.known.remember(draft.streams)
        return self._outcomes

    async def _transact(self, connection: Connection, project: Project, now: datetime) -> Draft:
        async with connection.pipeline(), connection.transaction():
            bound = await begin_writing(connection, self._user_ids)
            draft = await self._look(bound)
            if new := self._user_ids - draft.heads.keys():
                # Their first command. From now on their logs can be locked like any others.
                await open_logs(bound, new)
                draft = await self._look(bound)
            self._outcomes = [_attempt(draft, request, now) for request in self.requests]
            if draft.entries:
                self._sent = draft.entries[0]
                await append(bound, draft.entries, draft.moved_heads)
                await project(bound, [entry.event for entry in draft.entries])
            if draft.new_receipts:
                await keep_receipts(bound, draft.new_receipts, now)
        return draft

    async def _look(self, connection: BoundConnection) -> Draft:
        """Lock the logs and read what the commands are about, all in one round trip."""
        streams = {stream for request in self.requests for stream in request.streams}
        keys = {key for request in self.requests for key in request.receipt_keys}
        excerpts = self._excerpts
        known = self.known.among(streams)
        heads = await lock_heads(connection, self._user_ids)
        rows = await read_streams(connection, _unknown(streams, known)) if streams else None
        receipts = await find_receipts(connection, keys) if keys else None
        past = await read_excerpts(connection, excerpts) if excerpts else None
        draft = Draft(
            heads={head.user_id: head for head in await heads.fetchall()},
            history=_by_stream(await _all(rows)),
            excerpts=_by_stream(_once(await _all(past))),
            streams=known,
            receipts={(each.user_id, each.key): each for each in await _all(receipts)},
        )
        again = self._streams_started(draft.receipts) - streams
        if again:
            await self._read_more(connection, draft, again)
        return draft

    def _streams_started(self, receipts: Mapping[ReceiptKey, KeptReceipt]) -> set[StreamKey]:
        return {each for request in self.requests for each in request.streams_started(receipts)}

    async def _read_more(
        self, connection: BoundConnection, draft: Draft, streams: set[StreamKey]
    ) -> None:
        """Read the tasks that are known only now that there are receipts to name them."""
        known = self.known.among(streams)
        draft.streams |= known
        rows = await read_streams(connection, _unknown(streams, known))
        draft.history |= _by_stream(await rows.fetchall())


async def _all[T](cursor: AsyncCursor[T] | None) -> list[T]:
    return [] if cursor is None else await cursor.fetchall()


def _once(rows: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Put the events of several excerpts in order, each of them once."""
    found = {(row.user_id, row.sequence): row for row in rows}
    return [found[place] for place in sorted(found)]


def _unknown(streams: Iterable[StreamKey], known: Mapping[StreamKey, Stream]) -> list[StreamId]:
    """Ask for what is not known yet of some streams."""
    return [StreamId(*key, known.get(key, Stream()).version) for key in streams]


def _by_stream(rows: Sequence[StoredEvent]) -> dict[StreamKey, list[StoredEvent]]:
    history = defaultdict[StreamKey, list[StoredEvent]](list)
    for row in rows:
        history[row.user_id, row.task_id].append(row)
    return dict(history)


def _attempt(draft: Draft, request: Request, now: datetime) -> Outcome:
    try:
        return Decisions(draft, now).carry_out(request)
    except (CommandError, EventLogError) as refusal:
        return refusal
