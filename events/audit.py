"""Verifying stored logs: one user's or everybody's, any number of events, in little memory.

Pages are read one statement at a time, so no transaction stays open that would keep PostgreSQL
from cleaning up. Each statement gives events and the heads of their logs as of one instant, so
what is appended meanwhile confuses nothing.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import datetime

from psycopg.rows import class_row

from events.database import Pool
from events.finding import Finding
from events.head import LogHead
from events.reader import PositionedEvent
from events.statements import statement
from events.verification import LogCheck

PAGE = 2_000
"""Rows read at once: bounds memory, and is enough to make the round trip cheap."""

SMALLEST_BIGINT = -(2**63)

_LOGS = statement("events", "audit_logs")
_LOG = statement("events", "audit_log")
_HEADS = statement("events", "audit_heads")
_HEAD = statement("events", "audit_head")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadedEvent(PositionedEvent):
    """A row of the log beside the head its log had at that instant; None where there was none."""

    head_sequence: int | None
    head_chain: bytes | None
    head_last_task_id: int | None
    head_recorded_at: datetime | None
    head_erased_through: int | None

    @property
    def head(self) -> LogHead | None:
        """The head of the log, if there was one."""
        if self.head_sequence is None or self.head_chain is None or self.head_last_task_id is None:
            return None
        return LogHead(
            user_id=self.user_id,
            sequence=self.head_sequence,
            chain=self.head_chain,
            last_task_id=self.head_last_task_id,
            recorded_at=self.head_recorded_at,
            erased_through=self.head_erased_through or 0,
        )


class StoredHead(LogHead, frozen=True, kw_only=True):
    """The head of a log, and whether there is any event behind it."""

    has_events: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What one page of an audit has brought.

    Attributes:
        events: Events looked at.
        logs: Logs whose end was reached.
        findings: What is wrong with those.
    """

    events: int
    logs: int
    findings: list[Finding]


async def audit(
    pool: Pool, user_id: str | None = None, *, page: int = PAGE
) -> AsyncGenerator[Audited]:
    """Verify one user's log, or everybody's, a page at a time."""
    fold = _Fold()
    async for events in _pages(pool, user_id, page):
        yield fold.take(events)
    yield fold.finish()
    async for heads in _heads(pool, user_id, page):
        missing = [
            LogCheck(head.user_id).finding_before(head) for head in heads if not head.has_events
        ]
        yield Audited(events=0, logs=0, findings=[found for found in missing if found])


@dataclass(slots=True)
class _Fold:
    """Where an audit stands between two pages."""

    check: LogCheck | None = None
    last: HeadedEvent | None = None
    logs: int = 0
    findings: list[Finding] = field(default_factory=list[Finding])

    def take(self, events: list[HeadedEvent]) -> Audited:
        for event in events:
            if self.check is None or self.check.user_id != event.user_id:
                self._close()
                self.check = LogCheck(event.user_id)
            self.check.take(event, event.head_sequence)
            self.last = event
        return self._step(len(events))

    def finish(self) -> Audited:
        self._close()
        return self._step(0)

    def _close(self) -> None:
        if self.check is not None and self.last is not None:
            self.logs += 1
            finding = self.check.finding_before(self.last.head)
            self.findings += [finding] if finding else []

    def _step(self, events: int) -> Audited:
        step = Audited(events=events, logs=self.logs, findings=self.findings)
        self.logs, self.findings = 0, []
        return step


async def _pages(pool: Pool, user_id: str | None, page: int) -> AsyncGenerator[list[HeadedEvent]]:
    query = _LOGS if user_id is None else _LOG
    # No log holds such sequences, unless somebody has put them there.
    start = {"user_id": user_id or "", "sequence": SMALLEST_BIGINT}
    while True:
        async with pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(HeadedEvent), binary=True)
            await cursor.execute(query, {**start, "limit": page})
            events = await cursor.fetchall()
        if not events:
            return
        yield events
        start = {"user_id": events[-1].user_id, "sequence": events[-1].sequence + 1}


async def _heads(pool: Pool, user_id: str | None, page: int) -> AsyncGenerator[list[StoredHead]]:
    query = _HEADS if user_id is None else _HEAD
    after = user_id or ""
    while True:
        async with pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(StoredHead), binary=True)
            await cursor.execute(query, {"user_id": after, "limit": page})
            heads = await cursor.fetchall()
        yield heads
        if user_id is not None or len(heads) < page:
            return
        after = heads[-1].user_id
