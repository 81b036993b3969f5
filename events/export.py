"""Writing logs out as JSON lines, one event a line, to be read by anybody and imported again."""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from psycopg.rows import class_row, scalar_row

from events.binding import UserReader
from events.cloud_event import Totals, closing_event, cloud_event
from events.database import Pool
from events.reader import PositionedEvent
from events.statements import statement

PAGE = 2_000
"""Events read at once: bounds memory, and is enough to make the round trip cheap."""

_LAST_POSITION = statement("events", "last_stored_position")
_LOGS = statement("events", "export_logs")
_LOG = statement("events", "export_log")
_OWN_LOG = statement("events", "export_own_log")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Some lines of an export, and what they hold."""

    lines: bytes
    events: int
    logs: int


class Tally:
    """Counts and hashes what an export holds, for the line that closes it."""

    def __init__(self) -> None:
        self._events = self._logs = 0
        self._hash = sha256()

    def add(self, lines: bytes, *, events: int = 0, logs: int = 0) -> Exported:
        """Take in some lines and give them as a part of the export."""
        self._hash.update(lines)
        self._events, self._logs = self._events + events, self._logs + logs
        return Exported(lines=lines, events=events, logs=logs)

    def closing(self) -> Exported:
        """Give the line that closes the export."""
        totals = Totals(events=self._events, logs=self._logs, sha256=self._hash.hexdigest())
        return Exported(lines=msgspec.json.encode(closing_event(totals)) + b"\n", events=0, logs=0)


def event_lines(events: Iterable[PositionedEvent]) -> bytes:
    """Give the lines for some events."""
    return b"".join(msgspec.json.encode(cloud_event(event)) + b"\n" for event in events)


async def read_own_log(
    reader: UserReader, *, after: int, until: int, limit: int = PAGE
) -> list[PositionedEvent]:
    """Read a page of a user's log for the user, who is told no position: it is of everybody's.

    The sequence stands in its place, which rises along the log as well.
    """
    asked = {"after": after, "until": until, "limit": limit}
    return await reader.rows(_OWN_LOG, asked, class_row(PositionedEvent))


async def export(
    pool: Pool, user_id: str | None = None, *, page: int = PAGE
) -> AsyncGenerator[Exported]:
    """Write one user's log, or everybody's, as of the start; the last lines given close the export.

    No transaction is held open for that: positions rise along every log, so the events up to the
    position that is last at the start are a beginning of each log, however long the reading takes.
    """
    tally, before = Tally(), None
    async for read in _pages(pool, user_id, page):
        new = len({event.user_id for event in read} - {before})
        before = read[-1].user_id
        yield tally.add(event_lines(read), events=len(read), logs=new)
    yield tally.closing()


async def _pages(
    pool: Pool, user_id: str | None, page: int
) -> AsyncGenerator[list[PositionedEvent]]:
    query = _LOGS if user_id is None else _LOG
    until = await _last_position(pool)
    after = {"user_id": user_id or "", "sequence": 0}
    while True:
        async with pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(PositionedEvent), binary=True)
            await cursor.execute(query, {**after, "until": until, "limit": page})
            events = await cursor.fetchall()
        if not events:
            return
        yield events
        after = {"user_id": events[-1].user_id, "sequence": events[-1].sequence}


async def _last_position(pool: Pool) -> int:
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=scalar_row)
        await cursor.execute(_LAST_POSITION)
        position: int | None = await cursor.fetchone()
        return position or 0
